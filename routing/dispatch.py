"""The policy applied to the tables: who is rung next, reserved in the same transaction.

All of it is decided from one moment. The agents' rows are taken first, in the order of their names, then the
call's, each by a conditional update: with several processes dispatching at once, whoever is overtaken rolls
back and looks again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from agents import presence
from agents.presence import Seat
from calls import book
from calls.book import Call
from calls.states import Overtaken, State
from routing.floor import Tables
from routing.policy.match import Choice, choose, due, overflowing
from routing.rulebook import Rulebook


@dataclass(frozen=True)
class Match:
    """A waiting call and the seats now reserved for it, the first choice first, and what that was decided
    from. With an `interpreter` there is one other seat."""

    call: Call
    seats: tuple[Seat, ...]
    interpreter: Seat | None
    choice: Choice
    at: float


@dataclass(frozen=True)
class Moved:
    """A call that waits in another queue from now on: `queue` is where it has waited so far, with what
    `priority`."""

    call: Call
    queue: str
    priority: int


def move(tx: Connection, rulebook: Rulebook, now: datetime) -> Moved | None:
    """Let the caller who is first due for it wait in another queue, at the place that the time already waited
    gives. None when nobody is due."""
    found = overflowing(Tables(tx), rulebook.rules, now.timestamp())
    if found is None:
        return None
    call, before = book.find(tx, found.head.call), found.head.lane.queue
    if call is None or call.state != State.WAITING or call.queue != before:
        raise Overtaken(found.head.call)
    moved = book.change(tx, call, queue=found.lane.queue, priority=found.lane.priority)
    return Moved(moved, before, call.priority)


def match(tx: Connection, rulebook: Rulebook, now: datetime) -> Match | None:
    """Reserve the most urgent waiting call and the agents whom its queue's strategy names; None when nobody
    ready may serve anybody who waits. To be asked in a transaction at one moment (`store.statements`)."""
    choice = choose(Tables(tx), rulebook.rules, now.timestamp())
    if choice is None:
        return None
    for name in sorted(one.name for one in choice.everybody):
        if not presence.reserve(tx, name, now):
            raise Overtaken(name)
    call, seats = book.find(tx, choice.head.call), tuple(_seat(tx, one.name) for one in choice.agents)
    interpreter = _seat(tx, choice.interpreter.name) if choice.interpreter else None
    if call is None or call.state != State.WAITING:
        raise Overtaken(choice.head.call)
    return Match(book.change(tx, call, "offer"), seats, interpreter, choice, now.timestamp())


def _seat(tx: Connection, name: str) -> Seat:
    seat = presence.find(tx, name)
    if seat is None:
        raise Overtaken(name)
    return seat


def possible(tx: Connection, rulebook: Rulebook, now: datetime) -> bool | datetime:
    """Whether anybody ready may serve anybody who waits, or anybody is to wait elsewhere; only looks.

    If not: when that changes of itself, by a step of a timeline, or False.
    """
    floor, at = Tables(tx), now.timestamp()
    if overflowing(floor, rulebook.rules, at) is not None or choose(floor, rulebook.rules, at) is not None:
        return True
    moment = due(floor, rulebook.rules, at)
    return False if moment is None else datetime.fromtimestamp(moment, UTC)
