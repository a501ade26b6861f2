"""What the configuration lets callers do at a moment: come in, wait on, and be called back."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from settings.calendar import Calendar, YearUnknown
from settings.call_backs import CallBack
from settings.config import Config

LATER = timedelta(hours=1)  # hours that do not open within a month are looked at again


def open_at(calendar: Calendar, hours: str, now: datetime) -> bool:
    """Whether these hours are open. In a year that the calendar does not hold they are: people answer."""
    try:
        return calendar.open_at(hours, now)
    except YearUnknown:
        return True


def out_of_hours(config: Config, now: datetime) -> frozenset[str]:
    """The queues whose opening hours are over, or have not begun."""
    return frozenset(
        name
        for name, queue in config.queues.items()
        if queue.hours and not open_at(config.calendar, queue.hours, now)
    )


def longest_wait(config: Config, queue: str) -> int:
    """For how many seconds a caller waits in this queue at most, whom nobody is being rung for."""
    return config.queues[queue].wait_limit_seconds or config.hotline.wait_limit_seconds


def may_be_called(config: Config, queue: str, now: datetime, *, politely: bool) -> datetime | None:
    """When a caller of this queue may be called back, if not now: in its hours and, `politely`, in those for
    call-backs."""
    rules = config.hotline.call_back or CallBack()
    hours = (config.queues[queue].hours, rules.hours if politely else None)
    return _open_again(config.calendar, [each for each in hours if each], now)


def turns(config: Config, day: date) -> set[datetime]:
    """When hours and receptions begin and end on that day."""
    calendar = config.calendar
    midnight = datetime.combine(day, time(), calendar.zone)
    spans = [span for one in calendar.receptions.values() if day in one.days for span in one.times]
    for hours in calendar.hours:
        try:
            spans += calendar.spans(hours, day)
        except YearUnknown:  # they count as open
            continue
    return {midnight + timedelta(minutes=minute) for span in spans for minute in span}


def _open_again(calendar: Calendar, hours: Iterable[str], now: datetime) -> datetime | None:
    closed = (each for each in hours if not open_at(calendar, each, now))
    return max((_opens(calendar, each, now) or now + LATER for each in closed), default=None)


def _opens(calendar: Calendar, hours: str, now: datetime) -> datetime | None:
    try:
        return calendar.opens(hours, now)
    except YearUnknown:
        return None
