"""When somebody had closed which queue, from what the journal says of it."""

from collections import defaultdict
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import Connection, select

from routing.simulator.house import EVER, Spans
from routing.simulator.past import midnight
from store.tables import journal

CLOSED, OPENED = "queue-closed", "queue-opened"


def closures(tx: Connection, day: date, zone: tzinfo) -> dict[str, Spans]:
    """From when to when each queue was closed on that day; in seconds since midnight, EVER as the end for one
    that nobody opened again."""
    start, end = midnight(day, zone), midnight(day + timedelta(1), zone)
    query = select(journal.c.at, journal.c.kind, journal.c.detail)
    told = query.where(journal.c.kind.in_((CLOSED, OPENED)), journal.c.at < end).order_by(journal.c.id)
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in tx.execute(told):
        at, queue = (row.at - start).total_seconds(), row.detail["queue"]
        if spans[queue] and spans[queue][-1][1] > at:  # opened, or closed anew with another end
            spans[queue][-1] = spans[queue][-1][0], at
        if row.kind == CLOSED:
            until = row.detail["until"]
            over = (datetime.fromisoformat(until) - start).total_seconds() if until else EVER
            spans[queue].append((at, over))
    found = {
        queue: tuple((max(0.0, a), b) for a, b in each if b > max(0.0, a)) for queue, each in spans.items()
    }
    return {queue: each for queue, each in found.items() if each}
