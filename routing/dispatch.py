"""Who rings next: the caller who has waited longest, and the agent who has been free longest.

The agent's row is taken first, then the call's, each by a conditional update: with several processes
dispatching at once, whoever is overtaken rolls back and looks again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from agents import presence
from calls import book
from calls.book import Call
from calls.states import Overtaken, State
from store.tables import agent_languages, agent_queues, agents, calls

# As text, since a bound list would not use the partial index of the calls that are in a queue.
IN_QUEUE = text("calls.state in ('waiting', 'offered')")


@dataclass(frozen=True)
class Match:
    """A waiting call and the agent now reserved for it."""

    call: Call
    agent: str
    address: str


def match(tx: Connection, now: datetime) -> Match | None:
    """Reserve the first waiting call that any ready agent can serve; None when there is no such pair.

    In order: priority, then waiting time, kept by calls that return. Among the agents who serve the
    queue and speak the caller's language, the one ready longest.
    """
    pair = tx.execute(_FIRST_PAIR).one_or_none()
    if pair is None:
        return None
    if not presence.reserve(tx, pair.agent, now):
        raise Overtaken(pair.agent)
    call = book.find(tx, pair.sid)
    if call is None or call.state != State.WAITING:
        raise Overtaken(pair.sid)
    return Match(book.change(tx, call, "offer"), pair.agent, pair.address)


def possible(tx: Connection) -> bool:
    """Whether any waiting call has a ready agent; only looks."""
    return tx.execute(_FIRST_PAIR).first() is not None


_FIRST_PAIR = (
    select(calls.c.sid, agents.c.name.label("agent"), agents.c.address)
    .join(agent_queues, agent_queues.c.queue == calls.c.queue)
    .join(
        agent_languages,
        (agent_languages.c.agent == agent_queues.c.agent) & (agent_languages.c.language == calls.c.language),
    )
    .join(agents, (agents.c.name == agent_queues.c.agent) & (agents.c.state == presence.Presence.READY))
    .where(IN_QUEUE, calls.c.state == State.WAITING)
    .order_by(
        calls.c.priority.desc(), calls.c.waiting_since, calls.c.sid, agents.c.ready_since, agents.c.name
    )
    .limit(1)
)


def ahead(tx: Connection, call: Call) -> int:
    """How many callers in the same queue and language are served before this one."""
    before = (calls.c.priority > call.priority) | (
        (calls.c.priority == call.priority) & (calls.c.waiting_since < call.waiting_since)
    )
    same = (calls.c.queue == call.queue) & (calls.c.language == call.language)
    return tx.scalar(select(func.count()).where(IN_QUEUE, same, before, calls.c.sid != call.sid)) or 0


def on_duty(tx: Connection, queue: str, language: str) -> int:
    """How many agents are at work who could take a call of this queue in this language."""
    away = (presence.Presence.OFFLINE, presence.Presence.PAUSED)
    query = (
        select(func.count())
        .select_from(agents)
        .join(agent_queues, agent_queues.c.agent == agents.c.name)
        .join(agent_languages, agent_languages.c.agent == agents.c.name)
        .where(agent_queues.c.queue == queue, agent_languages.c.language == language)
        .where(agents.c.state.not_in(away))
    )
    return tx.scalar(query) or 0
