"""The thread that looks for work after each commit."""

from datetime import UTC, datetime
from queue import Queue
from types import SimpleNamespace

import pytest

from switchboard import runner
from switchboard.offering import Round
from switchboard.runner import Worker

FOR_AGES = datetime(9999, 12, 31, tzinfo=UTC)


def test_a_queue_closed_for_ages_stops_nobody_from_looking_for_work(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: Queue[str] = Queue()
    slept: Queue[str] = Queue()

    def dispatch(_hotline: object) -> Round:
        looked.put("for work")
        return Round(made=0, due=FOR_AGES, unsent=False)

    def now() -> datetime:
        slept.put("until due")
        return datetime.now(UTC)

    monkeypatch.setattr(runner, "dispatch", dispatch)
    worker = Worker()
    worker.start(SimpleNamespace(now=now))  # type: ignore[arg-type]  # all that it asks a hotline here
    looked.get(timeout=10)
    slept.get(timeout=10)
    worker.kick()
    looked.get(timeout=10)
    worker.stop()
