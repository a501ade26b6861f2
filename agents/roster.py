"""Who sits where: the agents that `config/agents.yml` names, as rows that calls can be given to."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from agents.presence import AWAY, BUSY, Presence
from calls import journal
from store.tables import agents


class Place(NamedTuple):
    """Where an agent is rung, and the name of the profile that says what the agent can."""

    address: str
    profile: str


def seat_all(tx: Connection, places: Mapping[str, Place], now: datetime) -> None:
    """Make the rows say what the list says. Newcomers start offline; who is on a call leaves after it."""
    known = set(tx.scalars(select(agents.c.name)))
    for name in known - places.keys():
        _retire(tx, name, now)
    for name, place in places.items():
        if name in known:
            tx.execute(update(agents).where(agents.c.name == name).values(**place._asdict()))
        else:
            _welcome(tx, name, place, now)


def _welcome(tx: Connection, name: str, place: Place, now: datetime) -> None:
    state = Presence.OFFLINE
    tx.execute(insert(agents).values(name=name, state=state, since=now, rung_at=now, **place._asdict()))


def _retire(tx: Connection, name: str, now: datetime) -> None:
    """Who is on a call finishes it, and is offered no other. That others have left is in the journal."""
    last = {"then": Presence.OFFLINE, "profile": None, "version": agents.c.version + 1}
    if tx.execute(
        update(agents).where(agents.c.name == name, agents.c.state.in_(BUSY)).values(**last)
    ).rowcount:
        return
    left = delete(agents).where(agents.c.name == name, agents.c.state.not_in(BUSY)).returning(agents.c.state)
    if tx.scalar(left) not in (None, *AWAY):
        journal.note(tx, "presence", now=now, agent=name, state=str(Presence.OFFLINE), reason=None)
