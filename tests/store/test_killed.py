"""Kill -9 at any moment: what was committed is there, what was not is gone, and nobody waits for the dead."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from store.engine import Store
from store.tables import counters, tickets
from tickets.register import register

WRITER = Path(__file__).with_name("writer.py")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def start(url: str, what: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, str(WRITER), url, what], stdout=subprocess.PIPE, text=True)


def kill(process: "subprocess.Popen[str]") -> list[str]:
    """End it as a power cut would; gives what it had still said."""
    process.kill()
    assert process.stdout is not None
    with process.stdout:
        rest = process.stdout.read()
    process.wait(60)
    return rest.split()


def say(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def stored(store: Store) -> list[str]:
    with store.reading() as tx:
        return list(tx.execute(select(tickets.c.number).order_by(tickets.c.number)).scalars())


def test_what_was_committed_survives_and_the_numbers_go_on(store: Store, database_url: str) -> None:
    for _ in range(4):
        before = len(stored(store))
        process = start(database_url, "commits")
        said = [say(process) for _ in range(7)] + kill(process)
        there = stored(store)
        assert there == [f"261123{count:05d}" for count in range(1, len(there) + 1)]
        # The last commit may have reached the disk before the process could say so.
        assert len(there) - before - len(said) in (0, 1)
        assert set(said) <= set(there)
    if store.database.writer.dialect.name == "sqlite":
        with store.reading() as tx:
            assert tx.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_transaction_killed_in_the_middle_leaves_nothing_and_no_lock(
    store: Store, database_url: str
) -> None:
    process = start(database_url, "lingers")
    assert say(process) == "26112300001"
    assert stored(store) == []
    kill(process)
    with store.transaction() as tx:
        number = register(tx, call_sid="CA1", caller=None, language="zh", now=NOON, timezone=UTC)
        assert tx.scalar(select(counters.c.last)) == 1
    assert stored(store) == [number] == ["26112300001"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_commit_of_sqlite_waits_for_the_disk(database_url: str) -> None:
    store = Store(database_url)
    with store.transaction() as tx:
        assert tx.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert tx.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1
    store.dispose()
