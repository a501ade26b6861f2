"""Everybody who waits and everybody who is ready, as the tables have them.

The first caller of each lane and the first agent of each profile are found by stepping from one entry of an
index to the next: the cost is that of the lanes and profiles, whatever the number of callers and agents.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, text

from calls import book
from routing.policy.candidate import Candidate
from routing.policy.match import Head
from routing.policy.skills import Lane, Profile
from store.tables import agents, calls, profiles

HEADS = text("""
    WITH RECURSIVE lanes(lane) AS (
        SELECT min(lane) FROM calls WHERE state = 'waiting'
        UNION ALL
        SELECT (SELECT min(lane) FROM calls WHERE state = 'waiting' AND lane > lanes.lane)
        FROM lanes WHERE lanes.lane IS NOT NULL
    )
    SELECT calls.lane, calls.waiting_since, calls.sid
    FROM lanes JOIN calls ON calls.sid = (
        SELECT sid FROM calls AS first WHERE first.state = 'waiting' AND first.lane = lanes.lane
        ORDER BY waiting_since, sid LIMIT 1
    )
""").columns(calls.c.lane, calls.c.waiting_since, calls.c.sid)

FIELDS = ("name", "profile", "ready_since", "calls", "occupancy", "rung_at", "talk_seconds")


def _firsts(by: str) -> Any:
    order = f"{by}, ready_since, name" if by != "ready_since" else "ready_since, name"
    fields = ", ".join(f"agents.{field}" for field in FIELDS)
    return text(f"""
        WITH RECURSIVE there(profile) AS (
            SELECT min(profile) FROM agents WHERE state = 'ready'
            UNION ALL
            SELECT (SELECT min(profile) FROM agents WHERE state = 'ready' AND profile > there.profile)
            FROM there WHERE there.profile IS NOT NULL
        )
        SELECT {fields}
        FROM there JOIN agents ON agents.name = (
            SELECT name FROM agents AS first WHERE first.state = 'ready' AND first.profile = there.profile
            ORDER BY {order} LIMIT 1
        )
    """).columns(*(agents.c[field] for field in FIELDS))  # noqa: S608  # made of the names of columns alone


FIRSTS = {by: _firsts(by) for by in ("ready_since", "calls", "occupancy", "rung_at", "talk_seconds")}

# Profiles are named by what they say, so that what is kept here is right for ever.
_profiles: dict[str, Profile] = {}


class Tables:
    """A floor (see `routing.policy.match.Floor`) over one transaction."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._firsts: dict[str, dict[Profile, Candidate]] = {}

    def profiles(self) -> Iterable[Profile]:
        return self.firsts("ready_since")

    def heads(self) -> list[Head]:
        rows = self._tx.execute(HEADS)
        return [Head(lane_of(row.lane), row.waiting_since.timestamp(), row.sid) for row in rows]

    def firsts(self, by: str) -> dict[Profile, Candidate]:
        if by not in self._firsts:
            rows = self._tx.execute(FIRSTS[by]).mappings().all()
            found = [self._candidate(row) for row in rows]
            self._firsts[by] = {one.profile: one for one in found}
        return self._firsts[by]

    def every(self, profile: Profile) -> list[Candidate]:
        query = select(agents).where(agents.c.state == "ready", agents.c.profile == name_of(profile))
        return [self._candidate(row) for row in self._tx.execute(query).mappings().all()]

    def agent(self, name: str) -> Candidate | None:
        query = select(agents).where(agents.c.name == name, agents.c.state == "ready")
        row = self._tx.execute(query).mappings().one_or_none()
        return self._candidate(row) if row and row["profile"] else None

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
    said = json.dumps([profile.queues, profile.skills, round(profile.rarity, 6)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def profile(tx: Connection, name: str) -> Profile:
    """The profile of this name."""
    if name not in _profiles:
        row = tx.execute(select(profiles).where(profiles.c.name == name)).one()
        _profiles[name] = Profile.of(row.queues, row.skills, row.rarity)
    return _profiles[name]


def keep(tx: Connection, known: Iterable[Profile]) -> None:
    """Write down the profiles that are not there yet."""
    there = set(tx.scalars(select(profiles.c.name)))
    wanted = {name_of(one): one for one in known}
    for name in wanted.keys() - there:
        one = wanted[name]
        row = {"name": name, "queues": one.shares, "skills": one.levels, "rarity": one.rarity}
        tx.execute(insert(profiles).values(**row))


def forget(tx: Connection) -> None:
    """Delete the profiles that nobody has any more."""
    tx.execute(
        delete(profiles).where(
            profiles.c.name.not_in(select(agents.c.profile).where(agents.c.profile.is_not(None)))
        )
    )


def word_of(lane: Lane) -> str | None:
    """The word for a lane in the tables."""
    return book.lane(lane.queue, lane.language, lane.priority, lane.wants)


def lane_of(word: str) -> Lane:
    """A lane from the word for it in the tables (see `calls.book.lane`)."""
    queue, language, priority, wants = word.split("|")
    return Lane(queue, language, int(priority), wants or None)
