"""Calls that waited for a person, as the tables keep them: what is learnt from, and what is played again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select

from store.tables import calls, journal, offers

IN_VAIN = ("missed", "declined")
TAKEN = ("accepted", "ended")


# When the call came into a queue first: a call-back that is tried again waits anew.
SINCE = case((calls.c.queued_at < calls.c.waiting_since, calls.c.queued_at), else_=calls.c.waiting_since)


@dataclass(frozen=True)
class Reached:
    """A caller who was called back: how many seconds it took from dialling to the talk, and the talk."""

    picks_up: float
    talk: float


@dataclass(frozen=True)
class Past:
    """A call that is over. `queue` is the one it came into and `priority` what it had there, wherever it was
    moved later; `since` is when that was, by the hotline's clock. Times are seconds.

    Who was not answered on the line has `left` it: gave-up, asked (for a call-back), turned-away (it was
    closed or full), or other. Called back, the caller was not reached `dials` times, and then was, if
    `reached` says so.

    It was rung in vain for each of `missed`; then it rang `rings` seconds until somebody took it, or, where
    `talk` is None, until the caller left. `waited` is until then. `agents` are those whom it rang, and
    `agent` took it; the caller was kept for `wants`.
    """

    call: str
    queue: str
    language: str
    priority: int
    since: datetime
    waited: float
    talk: float | None
    rings: float
    missed: tuple[float, ...]
    agents: frozenset[str]
    agent: str | None = None
    wants: str | None = None
    left: str | None = None
    dials: int = 0
    reached: Reached | None = None


def past(tx: Connection, first: date, last: date, zone: tzinfo) -> Iterator[Past]:
    """The calls that came into a queue on these days, in their order."""
    span = SINCE.between(midnight(first, zone), midnight(last + timedelta(1), zone))
    made = defaultdict(list)
    query = select(offers).join(calls, calls.c.sid == offers.c.call_sid).where(span)
    for offer in tx.execute(query.order_by(offers.c.created_at)):
        made[offer.call_sid].append(offer)
    first_queue = _where_first(tx, span)
    over = select(calls, SINCE.label("since")).where(span, calls.c.ended_at.is_not(None))
    for call in tx.execute(over.order_by(SINCE, calls.c.sid)):
        queue, priority = first_queue.get(call.sid, (call.queue, call.priority))
        if queue is not None and call.since < midnight(last + timedelta(1), zone):
            yield replace(_past(call, made[call.sid], zone), queue=queue, priority=priority)


def _where_first(tx: Connection, span: ColumnElement[bool]) -> dict[str, tuple[str, int]]:
    """Of calls that waited elsewhere later, or nowhere: where they came first, and with what priority."""
    query = select(journal.c.call_sid, journal.c.detail).join(calls, calls.c.sid == journal.c.call_sid)
    elsewhere = query.where(span, journal.c.kind.in_(("moved", "turned-away")))
    return {
        sid: (note.get("from_queue", note["queue"]), note.get("from_priority", 0))
        for sid, note in tx.execute(elsewhere.order_by(journal.c.id.desc()))
    }


def midnight(day: date, zone: tzinfo | None) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), zone)


def _past(call: Any, made: Sequence[Any], zone: tzinfo) -> Past:
    served = [offer for offer in made if offer.state in TAKEN and offer.role == "agent"]
    taken = [] if call.left else served
    first = taken[0] if taken else None
    on_line = [offer for offer in made if call.left_at is None or offer.created_at < call.left_at]
    return Past(
        call.sid,
        call.queue,
        call.language,
        call.priority,
        call.since.astimezone(zone),
        0.0
        if call.queue is None
        else _seconds(call.since, _joined(first) if first else call.left_at or call.ended_at),
        sum(_seconds(_joined(offer), offer.ended_at or call.ended_at) for offer in taken) if first else None,
        _seconds(first.created_at, _joined(first)) if first else _rang(on_line),
        tuple(
            _seconds(offer.created_at, offer.ended_at)
            for offer in made
            if offer.state in IN_VAIN and (first is None or offer.created_at < first.created_at)
        ),
        frozenset(offer.agent for offer in made),
        first.agent if first else None,
        call.wants,
        None if first else _left(call),
        call.dials,
        _reached(call, served) if call.left else None,
    )


def _left(call: Any) -> str:
    if call.queue is None:
        return "turned-away"
    return call.left or ("gave-up" if call.outcome == "abandoned" else "other")


def _reached(call: Any, served: Sequence[Any]) -> Reached | None:
    talks = [offer for offer in served if offer.joined_at is not None]
    if not talks:
        return None
    talk = sum(_seconds(offer.joined_at, offer.ended_at or call.ended_at) for offer in talks)
    return Reached(_seconds(talks[0].accepted_at, talks[0].joined_at), talk)


def _rang(made: Sequence[Any]) -> float:
    """How long the offer rang in the middle of which the caller left; 0 where none did."""
    withdrawn = (offer for offer in made if offer.state == "withdrawn")
    return max((_seconds(offer.created_at, offer.ended_at) for offer in withdrawn), default=0.0)


def _joined(offer: Any) -> datetime:
    joined: datetime = offer.joined_at or offer.accepted_at
    return joined


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
