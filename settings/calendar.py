"""config/calendar.yml: when what is open, and which days are workdays."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field

from settings.dates import Day, Days
from settings.hours import DayKind, Hours, Span, Spans, within
from settings.problems import Problem, did_you_mean
from settings.shape import Shape, wrong
from settings.words import Slug
from settings.yaml import Document

SATURDAY = 5
AHEAD = 31  # days


class YearUnknown(LookupError):
    """The calendar doesn't hold that year, so its holidays are not known: add it to calendar.yml."""


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text):
        raise wrong(f"is '{text}', which is no year", "write its four digits, like 2026")
    return int(text)


class Year(Shape):
    """What is special about the days of one year."""

    holidays: dict[str, Days] = Field(
        description="Each holiday with its day, or with its first and last",
        examples=[{"National Day": "2026-10-01 to 2026-10-07"}],
    )
    workdays: tuple[Day, ...] = Field(
        default=(),
        description="Make-up workdays: Saturdays and Sundays on which people work",
        examples=[["2026-02-14"]],
    )

    def kind(self, day: date) -> DayKind:
        """What kind of day of this year it is."""
        if day in self.workdays:
            return "workdays"
        if any(day in days for days in self.holidays.values()):
            return "holidays"
        return "weekends" if day.weekday() >= SATURDAY else "workdays"


class Special(Shape):
    """Days on which some hours are others than usual."""

    days: Days = Field(description="The day, or the first and the last", examples=["2026-12-31"])
    hours: Annotated[dict[str, Spans], Field(min_length=1)] = Field(
        description="Which opening hours are others on these days: when it is open, [] for not at all",
        examples=[{"foreign-languages": ["08:00-12:00"]}],
    )


class Reception(Shape):
    """A Director Reception Day: the head of a unit takes the calls of its queue."""

    days: Days = Field(description="The day, or the first and the last", examples=["2026-09-17"])
    times: Annotated[Spans, Field(min_length=1)] = Field(
        description="From when to when", examples=["09:00-11:30"]
    )
    queue: str = Field(description="Whose callers, as named in queues.yml", examples=["water"])
    agent: str = Field(description="The director's seat, as named in agents.yml", examples=["director-liu"])
    seconds: Annotated[int, Field(strict=True, ge=0, le=14400)] = Field(
        default=60,
        description="How long a caller waits for nobody else while the director is there",
        examples=[60],
    )


class Calendar(Shape):
    """The calendar. It refuses a year it doesn't hold: holidays are decided anew each autumn."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    zone: ZoneInfo
    hours: dict[Slug, Hours] = Field(
        description="Opening hours by name",
        examples=[{"office": {"workdays": ["08:30-12:00", "13:00-17:00"]}}],
    )
    years: dict[Annotated[str, AfterValidator(lambda text: str(_year(text)))], Year] = Field(
        description="The holidays and make-up workdays of each year", examples=[{"2026": {"holidays": {}}}]
    )

    special: dict[str, Special] = Field(
        default={},
        description="Days with hours of their own, each with what it is called",
        examples=[{"Power works": {"days": "2026-11-14", "hours": {"office": "13:00-17:00"}}}],
    )
    receptions: dict[str, Reception] = Field(
        default={},
        description="Director Reception Days, each with what it is called",
        examples=[
            {
                "Water bureau": {
                    "days": "2026-09-17",
                    "times": "09:00-11:30",
                    "queue": "water",
                    "agent": "director-liu",
                }
            }
        ],
    )

    def kind(self, day: date) -> DayKind:
        """What kind of day it is; raises YearUnknown."""
        if (year := self.years.get(f"{day.year:04}")) is None:
            raise YearUnknown(f"calendar.yml has no year {day.year}: add its holidays and make-up workdays")
        return year.kind(day)

    def spans(self, hours_name: str, day: date) -> tuple[Span, ...]:
        """When those hours are open on that day: a special day's own, or those of its kind.

        Raises KeyError for hours there are not, and YearUnknown unless the hours are alike on every day.
        """
        hours = self.hours[hours_name]
        for special in self.special.values():
            if day in special.days and hours_name in special.hours:
                return special.hours[hours_name]
        return hours.spans("workdays" if hours.every_day_alike else self.kind(day))

    def open_at(self, hours_name: str, moment: datetime) -> bool:
        """Whether those hours are open at `moment`, which knows its zone; raises as `spans` does."""
        here = self.local(moment)
        return within(self.spans(hours_name, here.date()), here.time())

    def opens(self, hours_name: str, moment: datetime) -> datetime | None:
        """When those hours open next after `moment`, within a month; raises as `spans` does."""
        day = self.local(moment).date()
        for later in range(AHEAD):
            then = day + timedelta(days=later)
            midnight = datetime(then.year, then.month, then.day, tzinfo=self.zone)
            begins = (midnight + timedelta(minutes=start) for start, _ in self.spans(hours_name, then))
            if (found := next((one for one in begins if one > moment), None)) is not None:
                return found
        return None

    def receptions_at(self, moment: datetime) -> list[Reception]:
        """The Director Reception Days that are on at `moment`, which knows its zone."""
        here = self.local(moment)
        return [one for one in self._receptions_on(here.date()) if within(one.times, here.time())]

    def reception_turn(self, moment: datetime) -> datetime | None:
        """When the next reception of the day begins or ends after `moment`."""
        day = self.local(moment).date()
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        turns = [
            midnight + timedelta(minutes=minute)
            for one in self._receptions_on(day)
            for span in one.times
            for minute in span
        ]
        return min((turn for turn in turns if turn > moment), default=None)

    def local(self, moment: datetime) -> datetime:
        """The moment on the calendar's own wall clock."""
        if moment.tzinfo is None:
            raise ValueError("the moment must know its time zone")
        return moment.astimezone(self.zone)

    def _receptions_on(self, day: date) -> list[Reception]:
        return [one for one in self.receptions.values() if day in one.days]


def misplaced_days(calendar: Calendar, document: Document) -> Iterator[Problem]:
    """Days under another year than theirs, make-up workdays that are workdays anyway, days named twice."""
    for name, year in calendar.years.items():
        seen: dict[date, str] = {}
        for holiday, days in year.holidays.items():
            at = ("years", name, "holidays", holiday)
            yield from _elsewhere(holiday, days, name, document)
            for day in days:
                if day in seen:
                    yield document.problem(
                        f"{day} is in '{holiday}' and in '{seen[day]}'", "take it out of one of them", *at
                    )
                seen[day] = holiday
        for number, day in enumerate(year.workdays):
            at_day = ("years", name, "workdays", number)
            if f"{day.year}" != name:
                yield document.problem(
                    f"the make-up workday {day} is not in {name}", f"write it under {day.year}", *at_day
                )
            elif day in seen:
                what = f"{day} is a make-up workday and in '{seen[day]}'"
                yield document.problem(what, "take it out of one of them", *at_day)
            elif day.weekday() < SATURDAY:
                what = f"the make-up workday {day} is a {day:%A}, a workday anyway"
                yield document.problem(what, "compare it with a calendar", *at_day)


def _elsewhere(holiday: str, days: tuple[date, ...], year: str, document: Document) -> Iterator[Problem]:
    """One problem for all days of a holiday that stand under another year than theirs."""
    strangers = [day for day in days if f"{day.year}" != year]
    if strangers:
        first, last = strangers[0], strangers[-1]
        which = f"{first}, which is" if first == last else f"{first} to {last}, which are"
        what = f"'{holiday}' has {which} not in {year}"
        mend = f"write {'that day' if first == last else 'those days'} under {first.year}"
        yield document.problem(what, mend, "years", year, "holidays", holiday)


def doubtful_special_days(calendar: Calendar, document: Document) -> Iterator[Problem]:
    """Hours that are not in the calendar, and days on which the same hours are special twice."""
    seen: dict[tuple[date, str], str] = {}
    for name, special in calendar.special.items():
        for hours in special.hours:
            at = ("special", name, "hours", hours)
            if hours not in calendar.hours:
                what = f"'{name}' has hours for '{hours}', which is not in 'hours'"
                yield document.problem(what, did_you_mean(hours, calendar.hours), *at)
            twice = [day for day in special.days if (day, hours) in seen]
            if twice:
                what = f"'{hours}' has hours for {twice[0]} here and in '{seen[twice[0], hours]}'"
                yield document.problem(what, "take that day out of one of them", *at)
            seen |= {(day, hours): name for day in special.days}


def ending_years(calendar: Calendar, document: Document, today: date) -> Iterator[Problem]:
    """A warning where the calendar holds no year for today, or, from November on, none for the next."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 11 else [])
    for year in wanted:
        if f"{year:04}" not in calendar.years:
            what = f"the calendar has no year {year}, so nobody knows what is open on its days"
            mend = f"add {year} with its holidays and make-up workdays as soon as they are announced"
            yield document.problem(what, mend, "years", level="warning")
