"""The book of calls: one row a call, changed only as it was read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, insert, or_, select, update

from calls import journal
from calls.states import Overtaken, State, after
from store.statements import insert as insert_into
from store.tables import CALLED_BACK, IN_LINE, IN_QUEUE, KEYED, RESTING, calls, legs

LANE = frozenset({"queue", "language", "priority", "wants", "due_at"})

# Asked every few seconds and at every decision, so they are made once.
ON_THE_LINE = calls.c.call_back.is_(None) | calls.c.leg.is_not(None)
SILENT = (
    select(calls)
    .where(calls.c.state != State.ENDED, ON_THE_LINE, calls.c.seen_at < bindparam("since"))
    .order_by(calls.c.started_at)
)
NEXT_DUE = select(func.min(calls.c.due_at)).where(RESTING)


@dataclass(frozen=True)
class Call:
    """One caller's call. Numbers are E.164, times UTC.

    `lane` is queue, language, priority and the agent it is kept for, as one word: callers of one lane are
    served in their order. `step` is the number of the next step; `version` counts the row's changes.
    `notice` says how far the caller has been told that talks are recorded. `promised_p50` and `promised_p90`
    are the seconds that the caller was told first, at `promised_at`.

    A caller who is to be called back keeps waiting in the lane, but is not on the line: `call_back` is the
    number, `leg` the line once there is one again. Until `due_at` the call rests, in no lane; `dials` counts
    how often it was in vain. `left` says why the caller left the line at `left_at`: asked, or gave-up.
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
    call_back: str | None = None
    leg: str | None = None
    left: str | None = None
    left_at: datetime | None = None
    dials: int = 0
    due_at: datetime | None = None
    version: int = 0

    @property
    def line(self) -> str | None:
        """The CallSid at the carrier on which the caller is; None while nobody is on the line."""
        return self.leg if self.call_back else self.sid


def open_call(tx: Connection, call: Call) -> Call:
    """Write down a call that has just arrived."""
    tx.execute(insert(calls).values(**_columns(call)))
    return call


def find(tx: Connection, sid: str) -> Call | None:
    """The call with this CallSid, or the one that is called back on it."""
    called_back = select(legs.c.call_sid).where(legs.c.sid == sid).scalar_subquery()
    query = select(calls).where(calls.c.sid == func.coalesce(called_back, sid))
    row = tx.execute(query).mappings().one_or_none()
    return _call(row) if row else None


def called_back(tx: Connection, number: str) -> Call | None:
    """The call whose caller is to be called back at this number."""
    row = tx.execute(select(calls).where(CALLED_BACK, calls.c.call_back == number)).mappings().one_or_none()
    return _call(row) if row else None


def in_line(queues: Collection[str], *, unasked: bool) -> Select[str]:
    """The call-backs that stand in the line of these queues, nobody on the line with them; with `unasked`, of
    the other queues those whose callers have not asked for it, or are called again."""
    others = (calls.c.left == "gave-up") | (calls.c.dials > 0)
    which = calls.c.queue.in_(queues)
    return select(calls.c.sid).where(IN_LINE, or_(which, others) if unasked else which)


def keyed_at(number: str, since: datetime) -> Select[int]:
    """How many call-backs at this number were asked for since then by callers who had another number."""
    keyed = (KEYED, calls.c.call_back == number, calls.c.left_at > since)
    return select(func.count()).select_from(calls).where(*keyed)


def keyed_by(caller: str, since: datetime) -> Select[int]:
    """How many call-backs at other numbers than the own one this caller has asked for since then."""
    keyed = (KEYED, calls.c.caller == caller, calls.c.left_at > since)
    return select(func.count()).select_from(calls).where(*keyed)


def due(tx: Connection, now: datetime) -> list[str]:
    """The call-backs that have rested long enough."""
    rested = select(calls.c.sid).where(RESTING, calls.c.due_at <= now).order_by(calls.c.due_at, calls.c.sid)
    return list(tx.scalars(rested))


def next_due(tx: Connection) -> datetime | None:
    """When the next call-back has rested long enough."""
    moment: datetime | None = tx.scalar(NEXT_DUE)
    return moment


def called_on(tx: Connection, call: Call, leg: str) -> None:
    """The caller is called back on this leg, by whose CallSid the call is found from now on."""
    tx.execute(insert_into(tx, legs).values(sid=leg, call_sid=call.sid).on_conflict_do_nothing())


def silent(tx: Connection, since: datetime) -> list[Call]:
    """Calls on the line of which nothing was heard since then, oldest first."""
    return [_call(row) for row in tx.execute(SILENT, {"since": since}).mappings()]


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
    """How many callers wait in this queue for whom nobody is being rung, but for call-backs that rest."""
    here = (calls.c.queue == queue, calls.c.state == State.WAITING, calls.c.due_at.is_(None))
    return tx.scalar(select(func.count()).where(IN_QUEUE, *here)) or 0


def lane(
    queue: str | None, language: str, priority: int, wants: str | None, due_at: datetime | None = None
) -> str | None:
    """The lane in which such a call waits, as one word; None for a call of no queue, or one that rests."""
    return None if queue is None or due_at is not None else f"{queue}|{language}|{priority}|{wants or ''}"


def note(tx: Connection, kind: str, call: Call, now: datetime, **detail: object) -> None:
    """Write into the journal of this call and its ticket."""
    journal.note(tx, kind, now=now, call_sid=call.sid, ticket=call.ticket, **detail)


def _columns(call: Call) -> dict[str, Any]:
    values = {name: getattr(call, name) for name in call.__dataclass_fields__}
    return values | {"entered": dict(call.entered), "state": str(call.state)}


def _call(row: RowMapping) -> Call:
    return Call(**{**row, "state": State(row["state"])})
