"""The life of a ticket.

    open ── answer ──▶ accepted                                  (a person took the call)
      └──── miss, leave-message ──▶ call-back                    (nobody did: call the citizen)
      └──── settle ──▶ closed                                    (the menu or another number did)

An accepted ticket whose caller was left alone in the end goes the same ways as an open one. So does one in
call-back whose call has not ended: the hotline itself calls the citizen back.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from store.tables import tasks, tickets


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    CALL_BACK = "call-back"
    CLOSED = "closed"


UNDER_WAY = frozenset({State.OPEN, State.ACCEPTED, State.CALL_BACK})

MOVES: Mapping[str, tuple[frozenset[State], State]] = {
    "answer": (UNDER_WAY, State.ACCEPTED),  # again, when a second person takes over
    "miss": (UNDER_WAY, State.CALL_BACK),
    "leave-message": (UNDER_WAY, State.CALL_BACK),
    "settle": (UNDER_WAY, State.CLOSED),
}

ENDINGS: Mapping[str, str] = {
    "answered": "answer",
    "abandoned": "miss",
    "failed": "miss",
    "message": "leave-message",
    "self-service": "settle",
    "transferred": "settle",
    "not-reached": "miss",  # called back, again and again, in vain
    "called-again": "settle",  # the caller called before the call-back did: the other call's ticket goes on
    "declined": "settle",  # the caller, called back, needed nobody any more
}

AFTER_ALL = ("message", "transferred")


class MoveRefused(Exception):
    """The ticket is not in a state that allows it."""


def after(move: str, state: State) -> State:
    """The state a ticket comes to by `move`; MoveRefused where it cannot."""
    starts, end = MOVES[move]
    if state not in starts:
        allowed = " or ".join(sorted(starts))
        raise MoveRefused(f"cannot {move} a ticket that is {state}; it must be {allowed}")
    return end


def answered(tx: Connection, number: str, agent: str, now: datetime) -> bool:
    """`agent` talks with the caller. False, and nothing changes, where the ticket has already ended."""
    change = (
        update(tickets)
        .where(
            tickets.c.number == number, tickets.c.state.in_(MOVES["answer"][0]), tickets.c.ended_at.is_(None)
        )
        .values(state=State.ACCEPTED, agent=agent, answered_at=func.coalesce(tickets.c.answered_at, now))
    )
    if tx.execute(change).rowcount == 0:
        return False
    _call_backs_done(tx, number)
    return True


def owes(tx: Connection, number: str, now: datetime) -> None:
    """The caller has left the line and is to be called back."""
    starts, end = MOVES["miss"]
    here = (tickets.c.number == number, tickets.c.state.in_(starts), tickets.c.ended_at.is_(None))
    if tx.execute(update(tickets).where(*here).values(state=end)).rowcount:
        _owe(tx, number, now)


def ended(tx: Connection, number: str, outcome: str, now: datetime) -> bool:
    """The call is over. The first ending counts: False, and nothing changes, at every later one.

    Only word that arrives after a hang-up and tells of more than a missed call becomes the outcome still:
    a message that was left, or that another number took the call, so that nobody need call back.
    """
    starts, end = MOVES[ENDINGS[outcome]]
    change = (
        update(tickets)
        .where(tickets.c.number == number, tickets.c.state.in_(starts), tickets.c.ended_at.is_(None))
        .values(state=end, outcome=outcome, ended_at=now)
    )
    if tx.execute(change).rowcount == 0:
        return outcome in AFTER_ALL and _after_all(tx, number, outcome)
    if owes_a_call(outcome):
        _owe(tx, number, now)
    else:
        _call_backs_done(tx, number)
    return True


def owes_a_call(outcome: str) -> bool:
    """Whether a call that ended so leaves a call-back to the citizen."""
    return MOVES[ENDINGS[outcome]][1] == State.CALL_BACK


def speaks(tx: Connection, number: str, language: str) -> None:
    """The caller has chosen a language."""
    tx.execute(update(tickets).where(tickets.c.number == number).values(language=language))


def _owe(tx: Connection, number: str, now: datetime) -> None:
    """One open call-back a ticket."""
    if tx.execute(select(tasks.c.id).where(_open_call_back(number))).first() is None:
        task = {"ticket": number, "kind": "call-back", "state": "open", "created_at": now, "due_at": now}
        tx.execute(tasks.insert().values(**task))


def _call_backs_done(tx: Connection, number: str) -> None:
    tx.execute(update(tasks).where(_open_call_back(number)).values(state="done"))


def _open_call_back(number: str) -> ColumnElement[bool]:
    return and_(tasks.c.ticket == number, tasks.c.kind == "call-back", tasks.c.state == "open")


def _after_all(tx: Connection, number: str, outcome: str) -> bool:
    missed = tickets.c.outcome.in_(("abandoned", "failed"))
    end = MOVES[ENDINGS[outcome]][1]
    change = update(tickets).where(tickets.c.number == number, missed).values(outcome=outcome, state=end)
    if tx.execute(change).rowcount == 0:
        return False
    if not owes_a_call(outcome):
        tx.execute(delete(tasks).where(_open_call_back(number)))
    return True
