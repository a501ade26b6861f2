"""Everybody who waits and everybody who is ready, as the tables have them.

The first caller of each lane and the first agent of each profile are found by stepping from one entry of an
index to the next: the cost is that of the lanes and profiles, whatever the number of callers and agents.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, TextualSelect, delete, insert, or_, select, text

from agents.presence import AWAY
from calls import book
from routing.policy.candidate import Candidate
from routing.policy.match import Head
from routing.policy.skills import Lane, Profile
from store.tables import READY, WAITING, agents, calls, profiles

DIALECTS = ("sqlite", "postgresql")
HEAD = (calls.c.lane, calls.c.waiting_since, calls.c.sid)
CANDIDATE = tuple(
    agents.c[field]
    for field in ("name", "profile", "ready_since", "calls", "occupancy", "rung_at", "talk_seconds")
)


def _first_of_each(
    dialect: str, group: Column[Any], state: str, order: str, wanted: tuple[Column[Any], ...]
) -> TextualSelect:
    """The columns `wanted` of the first row in `order` of each group, among the rows in this state.

    SQLite knows no LATERAL, and PostgreSQL would read the whole table for a join on the key.
    """
    table, by = group.table.name, group.name
    (key,) = (column.name for column in group.table.primary_key)
    there = f"FROM {table} AS first WHERE first.state = '{state}' AND first.{by} = there.{by}"
    first = f"{there} ORDER BY {order} LIMIT 1"
    joined = {
        "sqlite": f"JOIN {table} ON {table}.{key} = (SELECT {key} {first})",
        "postgresql": f"CROSS JOIN LATERAL (SELECT first.* {first}) AS {table}",
    }
    return text(f"""
        WITH RECURSIVE there({by}) AS (
            SELECT min({by}) FROM {table} WHERE state = '{state}'
            UNION ALL
            SELECT (SELECT min({by}) FROM {table} WHERE state = '{state}' AND {by} > there.{by})
            FROM there WHERE there.{by} IS NOT NULL
        )
        SELECT {", ".join(f"{table}.{column.name}" for column in wanted)} FROM there {joined[dialect]}
    """).columns(*wanted)  # noqa: S608  # made of the names of columns alone


def _order(by: str) -> str:
    return "ready_since, name" if by == "ready_since" else f"{by}, ready_since, name"


HEADS = {
    dialect: _first_of_each(dialect, calls.c.lane, "waiting", "waiting_since, sid", HEAD)
    for dialect in DIALECTS
}
FIRSTS = {
    (dialect, by): _first_of_each(dialect, agents.c.profile, "ready", _order(by), CANDIDATE)
    for dialect in DIALECTS
    for by in ("ready_since", "calls", "occupancy", "rung_at", "talk_seconds")
}

# Profiles are named by what they say, so that what is kept here is right for ever.
_profiles: dict[str, Profile] = {}


class Tables:
    """A floor (see `routing.policy.match.Floor`) over one transaction, as it is at the first look."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._heads: list[Head] | None = None
        self._firsts: dict[str, dict[Profile, Candidate]] = {}
        self._agents: dict[str, Candidate | None] = {}

    def profiles(self) -> Iterable[Profile]:
        return self.firsts("ready_since")

    def heads(self) -> list[Head]:
        if self._heads is None:
            rows = self._tx.execute(HEADS[self._tx.dialect.name])
            self._heads = [Head(lane_of(row.lane), row.waiting_since.timestamp(), row.sid) for row in rows]
        return self._heads

    def firsts(self, by: str) -> dict[Profile, Candidate]:
        if by not in self._firsts:
            rows = self._tx.execute(FIRSTS[self._tx.dialect.name, by]).mappings().all()
            found = [self._candidate(row) for row in rows]
            self._firsts[by] = {one.profile: one for one in found}
        return self._firsts[by]

    def several(self, profile: Profile, by: str, most: int) -> list[Candidate]:
        alike = select(agents).where(READY, agents.c.profile == name_of(profile))
        query = alike.order_by(text(_order(by))).limit(most)
        return [self._candidate(row) for row in self._tx.execute(query).mappings().all()]

    def agent(self, name: str) -> Candidate | None:
        if name not in self._agents:  # all at once whom anybody is kept for: there is a lane for each
            names = {name} | {head.lane.wants for head in self.heads() if head.lane.wants}
            there = (agents.c.name.in_(names), agents.c.state == "ready", agents.c.profile.is_not(None))
            rows = self._tx.execute(select(*CANDIDATE).where(*there)).mappings().all()
            self._agents |= dict.fromkeys(names) | {row["name"]: self._candidate(row) for row in rows}
        return self._agents[name]

    def _candidate(self, row: RowMapping) -> Candidate:
        return Candidate(
            row["name"],
            profile(self._tx, row["profile"]),
            row["ready_since"].timestamp(),
            row["calls"],
            row["occupancy"],
            row["rung_at"].timestamp(),
            row["talk_seconds"],
        )


def name_of(profile: Profile) -> str:
    """What a profile is called in the tables."""
    said = json.dumps([profile.queues, profile.skills, round(profile.rarity, 6), profile.interprets])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def profile(tx: Connection, name: str) -> Profile:
    """The profile of this name."""
    if name not in _profiles:
        row = tx.execute(select(profiles).where(profiles.c.name == name)).one()
        _profiles[name] = Profile.of(row.queues, row.skills, row.rarity, row.interprets)
    return _profiles[name]


def keep(tx: Connection, known: Iterable[Profile]) -> None:
    """Write down the profiles that are not there yet."""
    there = set(tx.scalars(select(profiles.c.name)))
    wanted = {name_of(one): one for one in known}
    for name in wanted.keys() - there:
        one = wanted[name]
        row = {"name": name, "queues": one.shares, "skills": one.levels, "rarity": one.rarity}
        tx.execute(insert(profiles).values(**row, interprets=one.interprets))


def forget(tx: Connection) -> None:
    """Delete the profiles that nobody has any more."""
    tx.execute(
        delete(profiles).where(
            profiles.c.name.not_in(select(agents.c.profile).where(agents.c.profile.is_not(None)))
        )
    )


def kept_in_vain(tx: Connection) -> list[str]:
    """The waiting calls that are kept for an agent who is away, or will be after the call in hand."""
    there = select(agents.c.name).where(
        agents.c.state.not_in(AWAY), or_(agents.c.then.is_(None), agents.c.then.not_in(AWAY))
    )
    kept = select(calls.c.sid).where(WAITING, calls.c.wants.is_not(None), calls.c.wants.not_in(there))
    return list(tx.scalars(kept))


def word_of(lane: Lane) -> str | None:
    """The word for a lane in the tables."""
    return book.lane(lane.queue, lane.language, lane.priority, lane.wants)


def lane_of(word: str) -> Lane:
    """A lane from the word for it in the tables (see `calls.book.lane`)."""
    queue, language, priority, wants = word.split("|")
    return Lane(queue, language, int(priority), wants or None)
