"""What an agent is doing, and what the desk may ask for.

offline ⇄ ready ⇄ paused;  ready ─ offer ─▶ offered ─ talk ─▶ talking ─ wrap up ─▶ wrapping-up ─▶ ready

A wish (ready, paused, offline) in the middle of an offer or a talk is kept in `then` and honoured after it.
So is what a supervisor orders, and no wish of the agent's takes its place before that.
Every change is conditional on the state it was decided from: a late event never flips anybody back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from calls import journal
from calls.states import Overtaken
from store.tables import agents


class Presence(StrEnum):
    """An agent is exactly one of these."""

    OFFLINE = "offline"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAPPING_UP = "wrapping-up"
    PAUSED = "paused"


WISHES = (Presence.READY, Presence.PAUSED, Presence.OFFLINE)
BUSY = (Presence.OFFERED, Presence.TALKING)
AWAY = (Presence.OFFLINE, Presence.PAUSED)
SET_BACK = timedelta(minutes=1)  # what began later than that from now did so before the clock was set back
LATEST = 0.1  # how much the latest talk counts in what a talk takes an agent

# Asked each second, so it is made once.
OVERDUE = select(agents.c.name).where(
    agents.c.state == Presence.WRAPPING_UP,
    or_(agents.c.wrap_up_until <= bindparam("now"), agents.c.since > bindparam("set_back")),
)


@dataclass(frozen=True)
class Seat:
    """An agent's row. `version` counts its changes; the strategies go by `ready_since`, `rung_at`, and by
    the `calls`, `occupancy` and `talk_seconds` that are counted while the agent is signed in."""

    name: str
    address: str
    profile: str | None
    state: Presence
    reason: str | None
    then: str | None
    since: datetime
    signed_in_at: datetime | None
    ready_since: datetime | None
    wrap_up_until: datetime | None
    rung_at: datetime
    calls: int
    busy_seconds: float
    occupancy: float
    talk_seconds: float
    misses: int
    ordered: bool
    version: int


def find(tx: Connection, name: str) -> Seat | None:
    """The seat of the agent called `name`."""
    row = tx.execute(select(agents).where(agents.c.name == name)).mappings().one_or_none()
    return Seat(**{**row, "state": Presence(row["state"])}) if row else None


def on_duty(seat: Seat) -> bool:
    """Whether the agent is there, and takes the next call once the one in hand is over."""
    return seat.state not in AWAY and seat.then not in AWAY


def wish(tx: Connection, seat: Seat, state: Presence, now: datetime, reason: str | None = None) -> None:
    """The agent asks to be ready, paused or offline: at once, or after the call in hand."""
    if state not in WISHES:
        raise ValueError(f"an agent cannot ask to be {state}; only {', '.join(WISHES)}")
    if seat.ordered:
        if seat.state == Presence.WRAPPING_UP:
            wrapped_up(tx, seat, now)  # whatever is wished for, the notes are written
    elif seat.state in BUSY:
        _change(tx, seat, then=state, reason=reason)
    elif not _is(seat, state, reason):
        _enter(tx, seat, state, now, reason)


def sit_down(tx: Connection, seat: Seat, now: datetime) -> None:
    """The agent comes to the desk, or opens it once more: ready, who was offline or was to be. Any other goes
    on with what there is, a break or the notes of a call."""
    if seat.state == Presence.OFFLINE:
        _enter(tx, seat, Presence.READY, now, None)
    elif seat.then == Presence.OFFLINE and not seat.ordered:
        _change(tx, seat, then=None, reason=None)


def order(
    tx: Connection, seat: Seat, state: Presence, now: datetime, who: str, reason: str | None = None
) -> None:
    """A supervisor, `who` in the journal, wants the agent ready, paused or offline.

    It is done at once, or after the call in hand and its notes.
    """
    if state not in WISHES:
        raise ValueError(f"nobody can be ordered to be {state}; only {', '.join(WISHES)}")
    if seat.state in (*BUSY, Presence.WRAPPING_UP):
        _change(tx, seat, then=state, reason=reason, ordered=True)
    elif not _is(seat, state, reason):
        _enter(tx, seat, state, now, reason)
    journal.note(tx, "seat-ordered", now=now, agent=seat.name, state=str(state), reason=reason, who=who)


def reserve(tx: Connection, name: str, now: datetime) -> bool:
    """Hold a ready agent for an offer; false when somebody else was first."""
    result = tx.execute(
        update(agents)
        .where(agents.c.name == name, agents.c.state == Presence.READY)
        .values(state=Presence.OFFERED, reason=None, since=now, rung_at=now, version=agents.c.version + 1)
    )
    return result.rowcount == 1


def talk(tx: Connection, seat: Seat, now: datetime) -> None:
    """The agent accepted and talks."""
    _expect(seat, Presence.OFFERED)
    _change(tx, seat, state=Presence.TALKING, since=now, calls=seat.calls + 1, misses=0)


def release(tx: Connection, seat: Seat, now: datetime, reason: str) -> None:
    """The offer came to nothing through no fault of the agent: ready at the old place among the idle, told
    why, or what the agent asked for meanwhile."""
    _expect(seat, Presence.OFFERED)
    _back(tx, seat, now, reason)


def let_go(tx: Connection, seat: Seat, now: datetime, reason: str) -> None:
    """What the agent accepted came to no talk, and nothing is to be written up: as with `release`."""
    _expect(seat, Presence.TALKING)
    _back(tx, seat, now, reason)


def give_way(tx: Connection, seat: Seat, now: datetime, reason: str) -> None:
    """Whether the telephone can ring is not known: as with `release`, but behind all who are ready, so that
    one whom nothing reaches keeps no caller from the others."""
    _expect(seat, Presence.OFFERED)
    _back(tx, replace(seat, ready_since=now), now, reason)


def _back(tx: Connection, seat: Seat, now: datetime, reason: str) -> None:
    state = Presence(seat.then or Presence.READY)
    why = seat.reason if seat.then in AWAY else reason
    _enter(tx, seat, state, now, why, since_when=seat.ready_since, told=True)


def rest(tx: Connection, seat: Seat, now: datetime, reason: str, state: Presence = Presence.PAUSED) -> None:
    """The agent did not take the offer: in this state, unless another was asked for meanwhile than ready."""
    _expect(seat, Presence.OFFERED)
    if seat.then in AWAY or seat.ordered:
        _enter(tx, seat, Presence(seat.then or state), now, seat.reason)
    else:
        _enter(tx, seat, state, now, reason)


def miss(tx: Connection, seat: Seat, now: datetime, state: Presence, misses: int) -> None:
    """The agent did not answer: in this state after so many misses in a row, before that ready again, behind
    all who are ready."""
    _expect(seat, Presence.OFFERED)
    if seat.misses + 1 < misses:
        rest(tx, replace(seat, misses=seat.misses + 1), now, "missed", Presence.READY)
    else:
        rest(tx, replace(seat, misses=0), now, "missed", state)


def vanish(tx: Connection, seat: Seat, now: datetime) -> None:
    """The agent cannot be rung: offline until signed in again."""
    _expect(seat, Presence.OFFERED)
    _enter(tx, seat, Presence.OFFLINE, now, "unreachable")


def wrap_up(tx: Connection, seat: Seat, now: datetime, seconds: int) -> None:
    """The talk is over; the agent has `seconds` to write it up."""
    _expect(seat, Presence.TALKING)
    until = now + timedelta(seconds=seconds)
    talked = (now - seat.since).total_seconds()
    _change(
        tx,
        seat,
        state=Presence.WRAPPING_UP,
        since=now,
        wrap_up_until=until,
        busy_seconds=seat.busy_seconds + talked,
        talk_seconds=seat.talk_seconds + LATEST * (talked - seat.talk_seconds),
    )


def wrapped_up(tx: Connection, seat: Seat, now: datetime) -> None:
    """Written up: ready again, or what the agent asked for during the call."""
    _expect(seat, Presence.WRAPPING_UP)
    _enter(tx, seat, Presence(seat.then or Presence.READY), now, seat.reason)


def overdue(tx: Connection, now: datetime) -> list[str]:
    """Names of the agents whose time for wrapping up has run out."""
    return list(tx.scalars(OVERDUE, {"now": now, "set_back": now + SET_BACK}))


def is_overdue(seat: Seat, now: datetime) -> bool:
    """Whether the agent is still wrapping up, and has no time left for it."""
    until = seat.wrap_up_until
    return until is not None and (until <= now or seat.since > now + SET_BACK)


def _is(seat: Seat, state: Presence, reason: str | None) -> bool:
    """Whether that is so already; what a ready agent was told last makes no difference."""
    return seat.state == state and (state == Presence.READY or seat.reason == reason)


def _expect(seat: Seat, state: Presence) -> None:
    if seat.state != state:
        raise Overtaken(seat.name)


def _enter(
    tx: Connection,
    seat: Seat,
    state: Presence,
    now: datetime,
    reason: str | None,
    since_when: datetime | None = None,
    *,
    told: bool = False,
) -> None:
    if seat.state == Presence.WRAPPING_UP:
        wrote = (now - seat.since).total_seconds()
        seat = replace(seat, busy_seconds=seat.busy_seconds + wrote)
    if seat.state == Presence.OFFLINE or seat.signed_in_at is None:
        seat = replace(seat, signed_in_at=now, calls=0, busy_seconds=0.0, misses=0)
    if seat.state in AWAY or state in AWAY:  # who was at work when; the rest is in calls and offers
        journal.note(tx, "presence", now=now, agent=seat.name, state=str(state), reason=reason)
    ready = state == Presence.READY
    here = (now - (seat.signed_in_at or now)).total_seconds()
    _change(
        tx,
        seat,
        state=state,
        since=now,
        reason=None if ready and not told else reason,
        then=None,
        ordered=False,
        misses=seat.misses,
        signed_in_at=seat.signed_in_at,
        ready_since=(since_when or now) if ready else None,
        wrap_up_until=None,
        calls=seat.calls,
        busy_seconds=seat.busy_seconds,
        occupancy=seat.busy_seconds / here if here > 0 else 0.0,
    )


def _change(tx: Connection, seat: Seat, **values: Any) -> None:
    result = tx.execute(
        update(agents)
        .where(agents.c.name == seat.name, agents.c.version == seat.version)
        .values(version=seat.version + 1, **values)
    )
    if result.rowcount != 1:
        raise Overtaken(seat.name)
