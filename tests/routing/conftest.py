"""Calls that wait and agents who are ready, written straight into the tables."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from calls.book import lane
from routing.floor import keep, name_of
from routing.policy.skills import Profile
from routing.policy.timeline import Rules
from routing.rulebook import Rulebook
from store.tables import agents, calls, menus, tickets

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Floor:
    """Seconds are before NOW: who has waited, or been ready, for 90 came before who has for 30."""

    now = NOW
    rulebook = Rulebook("r", {queue: Rules(queue) for queue in ("people", "night")})

    def menu(self, tx: Connection) -> None:
        tx.execute(insert(menus).values(version="m", source={}, loaded_at=NOW))

    def caller(
        self,
        tx: Connection,
        sid: str,
        waited: float,
        language: str = "zh",
        queue: str = "people",
        priority: int = 0,
        wants: str | None = None,
    ) -> None:
        since = NOW - timedelta(seconds=waited)
        tx.execute(
            insert(tickets).values(
                number=sid, call_sid=sid, channel="phone", language=language, state="open", opened_at=since
            )
        )
        tx.execute(
            insert(calls).values(
                sid=sid,
                ticket=sid,
                dialled="+8643112345",
                language=language,
                state="waiting",
                menu="m",
                at="people",
                queue=queue,
                priority=priority,
                wants=wants,
                lane=lane(queue, language, priority, wants),
                started_at=since,
                waiting_since=since,
                seen_at=since,
            )
        )

    def agent(
        self,
        tx: Connection,
        name: str,
        idle: float | None,
        languages: Iterable[str] = ("zh",),
        queues: Iterable[str] = ("people",),
        interprets: bool = False,
    ) -> None:
        """`idle` None: not ready but paused."""
        profile = Profile.of(dict.fromkeys(queues, 1.0), dict.fromkeys(languages, 5), interprets=interprets)
        keep(tx, [profile])
        tx.execute(
            insert(agents).values(
                name=name,
                address=f"client:{name}",
                profile=name_of(profile),
                state="paused" if idle is None else "ready",
                since=NOW,
                ready_since=None if idle is None else NOW - timedelta(seconds=idle),
                rung_at=NOW,
                version=0,
            )
        )


@pytest.fixture
def floor() -> Floor:
    return Floor()
