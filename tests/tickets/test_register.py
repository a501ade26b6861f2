"""Ticket numbers: the day in the hotline's own zone, then a count without gap and without double."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from store.engine import Store
from store.tables import counters, tickets
from tickets.register import register

REGISTRAR = Path(__file__).with_name("registrar.py")
CHANGCHUN = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def new(tx: Connection, sid: str, now: datetime = NOON) -> str:
    return register(tx, call_sid=sid, caller="+8643188880001", language="zh", now=now, timezone=CHANGCHUN)


def test_the_first_ticket_of_a_day(store: Store) -> None:
    with store.transaction() as tx:
        assert new(tx, "CA1") == "26112300001"
        ticket = tx.execute(select(tickets)).one()
    assert (ticket.state, ticket.caller, ticket.language, ticket.channel) == (
        "open",
        "+8643188880001",
        "zh",
        "phone",
    )
    assert ticket.opened_at == NOON


def test_a_new_day_begins_at_midnight_in_the_hotlines_zone(store: Store) -> None:
    before, after = datetime(2026, 11, 23, 15, 59, tzinfo=UTC), datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    with store.transaction() as tx:
        assert [new(tx, "CA1", before), new(tx, "CA2", before), new(tx, "CA3", after)] == [
            "26112300001",
            "26112300002",
            "26112400001",
        ]


def test_after_a_hundred_thousand_calls_a_number_grows_longer(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute(counters.insert().values(name="ticket-261123", last=99998))
        assert [new(tx, "CA1"), new(tx, "CA2")] == ["26112399999", "261123100000"]


def test_a_registration_that_is_given_up_leaves_no_gap(store: Store) -> None:
    def give_up() -> None:
        with store.transaction() as tx:
            new(tx, "CA1")
            raise KeyError

    with pytest.raises(KeyError):
        give_up()
    with store.transaction() as tx:
        assert new(tx, "CA1") == "26112300001"


def test_a_call_has_one_ticket(store: Store) -> None:
    with store.transaction() as tx:
        new(tx, "CA1")
    with pytest.raises(IntegrityError), store.transaction() as tx:
        new(tx, "CA1")
    with store.transaction() as tx:
        assert new(tx, "CA2") == "26112300002"


def test_processes_that_register_at_once_share_one_count(store: Store, database_url: str) -> None:
    processes, each = 4, 25
    started = [
        subprocess.Popen(
            [sys.executable, str(REGISTRAR), database_url, name, str(each)], stdout=subprocess.PIPE, text=True
        )
        for name in "abcd"[:processes]
    ]
    numbers = [number for process in started for number in process.communicate(timeout=100)[0].split()]
    wanted = [f"261123{count:05d}" for count in range(1, processes * each + 1)]
    assert sorted(numbers) == wanted
    with store.reading() as tx:
        assert sorted(tx.execute(select(tickets.c.number)).scalars()) == wanted
