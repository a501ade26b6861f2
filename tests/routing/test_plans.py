"""The dispatcher finds everybody by stepping through an index, whatever the number of callers and agents."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, insert, text

from calls import book
from routing import floor as room
from routing.floor import keep, name_of
from routing.policy.skills import Profile
from store.engine import Store
from store.tables import agents, calls

FIELDS = [by for dialect, by in room.FIRSTS if dialect == "sqlite"]
MANY = 3000


@pytest.fixture
def crowd(store: Store, floor: Any) -> Store:
    """Thousands wait, have been served, are ready and are not."""
    people = [Profile.of({"people": 1.0}, {"zh": 5, "ko": level}) for level in range(1, 6)]
    with store.transaction() as tx:
        floor.menu(tx)
        keep(tx, people)
        tx.execute(insert(calls), [call(floor, number) for number in range(MANY)])
        tx.execute(
            insert(agents), [agent(floor, number, name_of(people[number % 5])) for number in range(MANY)]
        )
        tx.execute(text("ANALYZE"))
    return store


def call(floor: Any, number: int) -> dict[str, Any]:
    sid, since = f"CA{number}", floor.now + timedelta(seconds=number)
    return {
        "sid": sid,
        "ticket": sid,
        "dialled": "+8643112345",
        "language": "zh",
        "state": ("waiting", "ended")[number % 2],
        "menu": "m",
        "at": "people",
        "lane": f"people|zh|{number % 6}|",
        "started_at": since,
        "waiting_since": since,
        "seen_at": since,
        "queue": ("people", "night", "complaints")[number % 3],
        "caller": f"+8643188{number:06}",
        "call_back": f"+8613800{number:06}",
        "leg": sid if number % 20 else None,
        "left": "asked",
        "left_at": since,
    }


def agent(floor: Any, number: int, profile: str) -> dict[str, Any]:
    since = floor.now + timedelta(seconds=number)
    state = ("ready", "paused")[number % 2]
    address = f"client:{number}"
    return {
        "name": f"a{number}",
        "address": address,
        "state": state,
        "since": since,
        "ready_since": since,
        "rung_at": since,
        "profile": profile,
    }


def plan(store: Store, statement: Any) -> list[str]:
    """What the database would do, a line each."""
    dialect = store.database.writer.dialect
    sqlite = dialect.name == "sqlite"
    if isinstance(statement, Select):
        statement = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN (COSTS OFF)"
    with store.reading() as tx:
        return [str(row[-1]).strip() for row in tx.execute(text(f"{how} {statement}"))]


THROUGH = ("Seq Scan", "SCAN calls", "SCAN agents", "SCAN first", "Sort", "TEMP B-TREE", "Bitmap")


@pytest.mark.parametrize("name", ["heads", *FIELDS])
def test_no_statement_of_the_floor_reads_a_table_through(crowd: Store, backend: str, name: str) -> None:
    lines = plan(crowd, room.HEADS[backend] if name == "heads" else room.FIRSTS[backend, name])
    index = "ix_calls_lane" if name == "heads" else f"ix_agents_{'ready' if name == 'ready_since' else name}"
    steps = [line for line in lines if index in line]
    assert steps, lines
    assert not [line for line in lines if any(word in line for word in THROUGH)], lines


@pytest.mark.parametrize(
    ("index", "query"), [("ix_calls_keyed_at", book.keyed_at), ("ix_calls_keyed_by", book.keyed_by)]
)
def test_what_limits_call_backs_is_counted_by_an_index(
    crowd: Store, floor: Any, index: str, query: Any
) -> None:
    lines = plan(crowd, query("+8643188880001", floor.now))
    assert any(index in line for line in lines), lines
    assert not [line for line in lines if any(word in line for word in THROUGH)], lines


@pytest.mark.parametrize("unasked", [False, True])
def test_call_backs_whose_hours_are_over_are_found_by_an_index(crowd: Store, unasked: bool) -> None:
    lines = plan(crowd, book.in_line(["people"], unasked=unasked))
    assert any("ix_calls_in_line" in line for line in lines), lines
    assert not [line for line in lines if "Seq Scan" in line], lines
