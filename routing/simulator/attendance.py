"""Who was at work when, from what the journal says of agents who came, paused and left."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo

from sqlalchemy import Connection, select

from agents.presence import AWAY
from routing.simulator.house import EVER
from routing.simulator.past import IN_VAIN, midnight
from routing.simulator.staff import HOURS, Shifts
from routing.simulator.traffic import DAY, HOUR
from store.tables import OF_PRESENCE, journal

BEFORE = timedelta(days=7)  # how far back it is looked for who was at work at midnight
# Seconds: a shorter pause after a missed offer ends no shift; the simulator plays those of its own.
SHORT = 900.0


def shifts(tx: Connection, day: date, zone: tzinfo) -> dict[str, Shifts]:
    """When each agent who was there at all worked on that day; in seconds since midnight, EVER as the end for
    who stayed beyond it."""
    start, end = midnight(day, zone), midnight(day + timedelta(1), zone)
    query = (
        select(journal.c.at, journal.c.detail)
        .where(OF_PRESENCE, journal.c.at >= start - BEFORE, journal.c.at < end)
        .order_by(journal.c.id)
    )
    told = defaultdict(list)
    for row in tx.execute(query):
        told[row.detail["agent"]].append(((row.at - start).total_seconds(), row.detail))
    found = {agent: _shifts(theirs) for agent, theirs in told.items()}
    return {agent: spans for agent, spans in found.items() if spans}


def hourly(days: Sequence[Mapping[str, Shifts]]) -> tuple[int, ...]:
    """How many were at work in each of the 24 hours, on average of these days."""
    there = [0.0] * HOURS
    for spans in (span for day in days for each in day.values() for span in each):
        for hour in range(HOURS):
            there[hour] += max(0.0, min(spans[1], (hour + 1) * HOUR) - max(spans[0], hour * HOUR))
    return tuple(round(seconds / HOUR / len(days)) for seconds in there)


def _shifts(told: Sequence[tuple[float, Mapping[str, str]]]) -> Shifts:
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for place, (at, detail) in enumerate(told):
        following = told[place + 1][0] if place + 1 < len(told) else DAY
        works = detail["state"] not in AWAY or (detail["reason"] in IN_VAIN and following - at < SHORT)
        if works and since is None:
            since = max(0.0, at)
        elif not works and since is not None:
            spans.append((since, max(0.0, at)))
            since = None
    if since is not None:
        spans.append((since, EVER))
    return tuple(span for span in spans if span[1] > span[0])
