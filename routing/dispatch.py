"""The policy applied to the tables: who is rung next, reserved in the same transaction.

All of it is decided from one moment. The agent's row is taken first, then the call's, each by a conditional
update: with several processes dispatching at once, whoever is overtaken rolls back and looks again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from agents import presence
from calls import book
from calls.book import Call
from calls.states import Overtaken, State
from routing.floor import Tables
from routing.policy.match import Choice, choose, due
from routing.rulebook import Rulebook
from store.statements import at_one_moment


@dataclass(frozen=True)
class Match:
    """A waiting call and the agent now reserved for it, and what that was decided from."""

    call: Call
    agent: str
    address: str
    choice: Choice
    at: float


def match(tx: Connection, rulebook: Rulebook, now: datetime) -> Match | None:
    """Reserve the most urgent waiting call and the agent whom its queue's strategy names; None when nobody
    ready may serve anybody who waits. To be asked first of all in a transaction."""
    at_one_moment(tx)
    choice = choose(Tables(tx), rulebook.rules, now.timestamp())
    if choice is None:
        return None
    agent = choice.agents[0].name
    if not presence.reserve(tx, agent, now):
        raise Overtaken(agent)
    call, seat = book.find(tx, choice.head.call), presence.find(tx, agent)
    if call is None or call.state != State.WAITING or seat is None:
        raise Overtaken(choice.head.call)
    return Match(book.change(tx, call, "offer"), agent, seat.address, choice, now.timestamp())


def possible(tx: Connection, rulebook: Rulebook, now: datetime) -> bool | datetime:
    """Whether anybody ready may serve anybody who waits; only looks. If not: when that changes of itself,
    by a step of a timeline, or False."""
    floor = Tables(tx)
    if choose(floor, rulebook.rules, now.timestamp()) is not None:
        return True
    moment = due(floor, rulebook.rules, now.timestamp())
    return False if moment is None else datetime.fromtimestamp(moment, UTC)
