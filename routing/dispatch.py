"""The policy applied to the tables: who is rung next, reserved in the same transaction.

The agent's row is taken first, then the call's, each by a conditional update: with several processes
dispatching at once, whoever is overtaken rolls back and looks again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, false, func, or_, select

from agents import presence
from calls import book
from calls.book import Call
from calls.states import Overtaken, State
from routing.floor import Tables, profile
from routing.policy.match import Choice, choose, due
from routing.policy.skills import Lane
from routing.policy.urgency import urgency, waited
from routing.rulebook import Rulebook
from store.tables import IN_QUEUE, agents, calls


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
    ready may serve anybody who waits."""
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


def ahead(tx: Connection, call: Call, now: datetime) -> int:
    """How many callers in the same queue and language are more urgent than this one, or being rung for."""
    same = (calls.c.queue == call.queue) & (calls.c.language == call.language) & (calls.c.sid != call.sid)
    since = call.waiting_since or now
    cost = urgency(call.priority, (now - since).total_seconds())
    priorities = tx.scalars(select(calls.c.priority).where(IN_QUEUE, same).distinct())
    before = [
        (calls.c.priority == priority)
        & (calls.c.waiting_since < now - timedelta(seconds=waited(priority, cost)))
        for priority in priorities
    ]
    return tx.scalar(select(func.count()).where(IN_QUEUE, same, or_(false(), *before))) or 0


def on_duty(tx: Connection, rulebook: Rulebook, queue: str, language: str) -> int:
    """How many agents are at work who could sooner or later take a call of this queue in this language."""
    away = (presence.Presence.OFFLINE, presence.Presence.PAUSED)
    query = (
        select(agents.c.profile, func.count().label("people"))
        .where(agents.c.profile.is_not(None), agents.c.state.not_in(away))
        .group_by(agents.c.profile)
    )
    rules, lane = rulebook.rules.get(queue), Lane(queue, language)
    if rules is None:
        return 0
    there = tx.execute(query).all()
    return sum(row.people for row in there if rules.reach(lane, profile(tx, row.profile)) is not None)
