"""The book of calls: one row a call, changed only as it was read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from calls import journal
from calls.states import Overtaken, State, after
from store.tables import IN_QUEUE, calls

LANE = frozenset({"queue", "language", "priority", "wants"})


@dataclass(frozen=True)
class Call:
    """One caller's call. Numbers are E.164, times UTC.

    `lane` is queue, language, priority and the agent it is kept for, as one word: callers of one lane are
    served in their order. `step` is the number of the next step; `version` counts the row's changes.
    `notice` says how far the caller has been told that talks are recorded. `promised_p50` and `promised_p90`
    are the seconds that the caller was told first, at `promised_at`.
    """

    sid: str
    ticket: str
    caller: str | None
    dialled: str
    language: str
    state: State
    menu: str
    at: str
    started_at: datetime
    seen_at: datetime
    tries: int = 0
    step: int = 0
    entered: Mapping[str, str] = field(default_factory=dict)
    queue: str | None = None
    priority: int = 0
    wants: str | None = None
    lane: str | None = None
    waiting_since: datetime | None = None
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    queue_sid: str | None = None
    conference_sid: str | None = None
    held: bool = False
    agent: str | None = None
    outcome: str | None = None
    notice: str | None = None
    promised_at: datetime | None = None
    promised_p50: float | None = None
    promised_p90: float | None = None
    version: int = 0


def open_call(tx: Connection, call: Call) -> Call:
    """Write down a call that has just arrived."""
    tx.execute(insert(calls).values(**_columns(call)))
    return call


def find(tx: Connection, sid: str) -> Call | None:
    """The call with this CallSid."""
    row = tx.execute(select(calls).where(calls.c.sid == sid)).mappings().one_or_none()
    return _call(row) if row else None


def live(tx: Connection, *, unseen_since: datetime | None = None) -> list[Call]:
    """Calls that have not ended, oldest first; only those silent since `unseen_since`, where given."""
    query = select(calls).where(calls.c.state != State.ENDED).order_by(calls.c.started_at)
    if unseen_since is not None:
        query = query.where(calls.c.seen_at < unseen_since)
    return [_call(row) for row in tx.execute(query).mappings()]


def change(tx: Connection, call: Call, move: str | None = None, **values: Any) -> Call:
    """Change a call that is still as it was read; `move` names the step of its life (see `states`).

    Raises MoveRefused where its state does not allow the move, Overtaken where another process was first.
    """
    if move is not None:
        values["state"] = after(move, call.state)
    if not LANE.isdisjoint(values):
        values["lane"] = lane(**{part: values.get(part, getattr(call, part)) for part in LANE})
    values["version"] = call.version + 1
    result = tx.execute(
        update(calls).where(calls.c.sid == call.sid, calls.c.version == call.version).values(**values)
    )
    if result.rowcount != 1:
        raise Overtaken(call.sid)
    return replace(call, **values)


def requeue(tx: Connection, known: Collection[str], to: str, now: datetime) -> int:
    """Let callers who wait in none of the queues in `known` wait in `to`; returns how many there were."""
    lost = calls.c.state.in_((State.WAITING, State.OFFERED)) & calls.c.queue.not_in(known)
    rows = tx.execute(select(calls).where(lost)).mappings().all()
    for call in map(_call, rows):
        change(tx, call, queue=to)
        note(tx, "moved", call, now, queue=to, from_queue=call.queue, from_priority=call.priority)
    return len(rows)


def waiting(tx: Connection, queue: str) -> int:
    """How many callers wait in this queue for whom nobody is being rung."""
    here = (calls.c.queue == queue, calls.c.state == State.WAITING)
    return tx.scalar(select(func.count()).where(IN_QUEUE, *here)) or 0


def lane(queue: str | None, language: str, priority: int, wants: str | None) -> str | None:
    """The lane in which such a call waits, as one word; None for a call of no queue."""
    return None if queue is None else f"{queue}|{language}|{priority}|{wants or ''}"


def note(tx: Connection, kind: str, call: Call, now: datetime, **detail: object) -> None:
    """Write into the journal of this call and its ticket."""
    journal.note(tx, kind, now=now, call_sid=call.sid, ticket=call.ticket, **detail)


def _columns(call: Call) -> dict[str, Any]:
    values = {name: getattr(call, name) for name in call.__dataclass_fields__}
    return values | {"entered": dict(call.entered), "state": str(call.state)}


def _call(row: RowMapping) -> Call:
    return Call(**{**row, "state": State(row["state"])})
