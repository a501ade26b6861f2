"""The outbox among several processes, and in whatever order things happen to it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select

from calls import outbox
from store.engine import Store
from store.tables import outbox as table

CLAIMER = Path(__file__).with_name("claimer.py")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEASE = 30

events = some.lists(
    some.one_of(
        some.tuples(some.just("put"), some.integers(0, 5)),
        some.tuples(some.just("claim"), some.integers(1, 3)),
        some.tuples(some.just("wait"), some.sampled_from([1, 10, 30, 31])),
        some.tuples(some.sampled_from(["done", "retry", "failed", "forgotten"]), some.integers(0, 5)),
    ),
    max_size=30,
)


def test_processes_that_claim_at_once_never_take_the_same_command(store: Store, database_url: str) -> None:
    with store.transaction() as tx:
        keys = [f"c{count:03d}" for count in range(60)]
        for key in keys:
            outbox.put(tx, key, "ring", {}, now=NOON)
    started = [
        subprocess.Popen([sys.executable, str(CLAIMER), database_url], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    taken = [key for process in started for key in process.communicate(timeout=100)[0].split()]
    assert sorted(taken) == keys
    with store.reading() as tx:
        states = tx.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
    assert [tuple(row) for row in states] == [("done", 60)]


@given(story=events)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_a_command_has_one_owner_until_its_lease_ends(
    store: Store, story: list[tuple[str, int]]
) -> None:
    """The outbox beside a plain model of it: who holds what until when, and what is over."""
    now = NOON
    due: dict[int, datetime] = {}  # what may be claimed, from when on
    held: dict[int, outbox.Command] = {}  # the last claim of each
    over: set[int] = set()
    with store.transaction() as tx:
        tx.execute(table.delete())
        for what, number in story:
            if what == "wait":
                now += timedelta(seconds=number)
            elif what == "put":
                id = outbox.put(tx, f"key-{number}", "ring", {}, now=now)
                if id is not None:
                    due[id] = now
            elif what == "claim":
                for command in outbox.claim(tx, now, LEASE, number):
                    assert command.id not in over
                    assert due[command.id] <= now
                    assert command.attempts == (held[command.id].attempts + 1 if command.id in held else 0)
                    held[command.id] = command
                    due[command.id] = now + timedelta(seconds=LEASE)
            elif number in range(len(held)):
                command = list(held.values())[number]
                if what == "retry" and command.id not in over:
                    outbox.retry(tx, command.id, now, "lost", attempts=command.attempts)
                    due[command.id] = now
                elif what in ("done", "failed") and command.id not in over:
                    (outbox.done(tx, command.id) if what == "done" else outbox.failed(tx, command.id, "no"))
                    over.add(command.id)
        left = {command.id for command in outbox.claim(tx, now + timedelta(days=1), LEASE, 100)}
        assert left == set(due) - over
