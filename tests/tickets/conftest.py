"""A Korean caller who waited fifteen seconds, talked with Kim and hung up; told step by step."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from calls import journal
from store.engine import Store
from store.tables import calls, menus, recordings
from tickets import life
from tickets.register import register

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class City:
    """Fills a store with calls, as the switchboard would."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.transaction() as tx:
            tx.execute(menus.insert().values(version="v1", source={}, loaded_at=NOON))

    def call(
        self,
        outcome: str | None = "answered",
        *,
        caller: str | None = "+8643188880001",
        agent: str = "kim",
        after: float = 0,
    ) -> str:
        """A caller who pressed 4 for Korean `after` seconds past noon; gives the ticket's number."""
        start = NOON + timedelta(seconds=after)
        with self.store.transaction() as tx:
            sid = f"CA{after}"
            number = register(
                tx, call_sid=sid, caller=caller, language="ko", now=start, timezone=ZoneInfo("Asia/Shanghai")
            )
            self._waits(tx, sid, number, caller, start)
            if outcome == "answered":
                life.answered(tx, number, agent, start + timedelta(seconds=20))
                self._note(tx, sid, number, start, 20, "joined", agent=agent)
            if outcome == "message":
                self._records(tx, sid, number, start + timedelta(seconds=40))
            if outcome is not None:
                life.ended(tx, number, outcome, start + timedelta(seconds=95))
                self._note(tx, sid, number, start, 95, "ended", outcome=outcome)
        return number

    def _waits(self, tx: Connection, sid: str, number: str, caller: str | None, start: datetime) -> None:
        tx.execute(
            calls.insert().values(
                sid=sid,
                ticket=number,
                caller=caller,
                dialled="+8643112345",
                language="ko",
                state="waiting",
                menu="v1",
                at="people",
                started_at=start,
                seen_at=start,
                queue="people",
                waiting_since=start + timedelta(seconds=5),
            )
        )
        note = self._note
        note(tx, sid, number, start, 0, "call-arrived", dialled="+8643112345")
        note(tx, sid, number, start, 0, "step", at="language", path=["welcome", "language"])
        note(tx, sid, number, start, 5, "step", at="people", path=["language", "people"], key="4")
        note(tx, sid, number, start, 5, "waiting", queue="people", priority=0, language="ko")

    def _records(self, tx: Connection, sid: str, number: str, now: datetime) -> None:
        row = {"call_sid": sid, "ticket": number, "kind": "message", "url": f"http://carrier/{sid}"}
        tx.execute(recordings.insert().values(sid=f"RE{sid}", seconds=12, created_at=now, **row))

    def _note(
        self, tx: Connection, sid: str, number: str, start: datetime, after: float, kind: str, **detail: Any
    ) -> None:
        now = start + timedelta(seconds=after)
        journal.note(tx, kind, now=now, call_sid=sid, ticket=number, **detail)


@pytest.fixture
def city(store: Store) -> City:
    """A store that calls can be put into."""
    return City(store)
