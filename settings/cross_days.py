"""What calendar, queues and agents must know of each other: hours of a queue, who receives when."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from settings.calendar import Calendar, Reception
from settings.hours import Span
from settings.problems import Problem, did_you_mean
from settings.yaml import Document


def errors_of_days(
    calendar: Calendar, at_calendar: Document, at_hotline: Document, at_queues: Document, at_agents: Document
) -> Iterator[Problem]:
    """Hours that there are not, and receptions of nobody, for nobody, or two at one time."""
    call_back = _entries(at_hotline).get("call_back")
    hours = call_back.get("hours") if isinstance(call_back, dict) else None
    if isinstance(hours, str) and hours not in calendar.hours:
        what = f"'call_back' has the hours '{hours}', which are not in calendar.yml"
        yield at_hotline.problem(what, did_you_mean(hours, calendar.hours), "call_back", "hours")
    for name, queue in _entries(at_queues).items():
        hours = queue.get("hours") if isinstance(queue, dict) else None
        if isinstance(hours, str) and hours not in calendar.hours:
            what = f"'{name}' has the hours '{hours}', which are not in calendar.yml"
            yield at_queues.problem(what, did_you_mean(hours, calendar.hours), name, "hours")
    yield from _strangers(calendar, at_calendar, "queue", at_queues, "queues.yml")
    yield from _strangers(calendar, at_calendar, "agent", at_agents, "agents.yml")
    yield from _two_at_once(calendar, at_calendar)


def _strangers(
    calendar: Calendar, at_calendar: Document, key: str, others: Document, file: str
) -> Iterator[Problem]:
    known = _entries(others)
    for name, reception in calendar.receptions.items():
        who = getattr(reception, key)
        if known and who not in known:
            what = f"'{name}' has the {key} '{who}', which is not in {file}"
            yield at_calendar.problem(what, did_you_mean(who, known), "receptions", name, key)


def _two_at_once(calendar: Calendar, at_calendar: Document) -> Iterator[Problem]:
    """Two receptions that want the same callers at the same time."""
    before: list[tuple[str, Reception]] = []
    for name, reception in calendar.receptions.items():
        for other, earlier in before:
            if earlier.queue == reception.queue and (day := _both(earlier, reception)):
                what = f"'{name}' and '{other}' both take the callers of '{reception.queue}' on {day}"
                yield at_calendar.problem(what, "give them other days or times", "receptions", name)
                break
        before.append((name, reception))


def _both(one: Reception, other: Reception) -> date | None:
    """The first day on which both are on at some time."""
    overlap = any(_overlap(mine, theirs) for mine in one.times for theirs in other.times)
    days = [day for day in one.days if day in other.days]
    return days[0] if overlap and days else None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _entries(document: Document) -> dict[str, Any]:
    """The names in a file; what is no mapping has its problem already."""
    return document.data if isinstance(document.data, dict) else {}
