"""Who sits where: the agents that `config/agents.yml` names, as rows that calls can be given to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select, update

from agents.presence import BUSY, Presence
from store.tables import agent_languages, agent_queues, agents


class Listed(Protocol):
    """An agent as the configuration names one."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def languages(self) -> Iterable[str]: ...
    @property
    def queues(self) -> Iterable[str]: ...


def seat_all(tx: Connection, listed: Iterable[Listed], now: datetime) -> None:
    """Make the rows say what the list says. Newcomers start offline; who is on a call leaves after it."""
    wanted = {agent.name: agent for agent in listed}
    known = set(tx.scalars(select(agents.c.name)))
    for name in known - wanted.keys():
        _retire(tx, name)
    for name, agent in wanted.items():
        if name in known:
            tx.execute(update(agents).where(agents.c.name == name).values(address=agent.address))
        else:
            _welcome(tx, agent, now)
        _skills(tx, agent)


def _welcome(tx: Connection, agent: Listed, now: datetime) -> None:
    tx.execute(
        insert(agents).values(
            name=agent.name, address=agent.address, state=Presence.OFFLINE, since=now, version=0
        )
    )


def _retire(tx: Connection, name: str) -> None:
    busy = update(agents).where(agents.c.name == name, agents.c.state.in_(BUSY))
    if tx.execute(busy.values(then=Presence.OFFLINE, version=agents.c.version + 1)).rowcount == 0:
        tx.execute(delete(agents).where(agents.c.name == name, agents.c.state.not_in(BUSY)))
    _unlearn(tx, name)  # who is on a call finishes it, and is offered no other


def _skills(tx: Connection, agent: Listed) -> None:
    _unlearn(tx, agent.name)
    for language in agent.languages:
        tx.execute(insert(agent_languages).values(agent=agent.name, language=language))
    for queue in agent.queues:
        tx.execute(insert(agent_queues).values(agent=agent.name, queue=queue))


def _unlearn(tx: Connection, name: str) -> None:
    tx.execute(delete(agent_languages).where(agent_languages.c.agent == name))
    tx.execute(delete(agent_queues).where(agent_queues.c.agent == name))
