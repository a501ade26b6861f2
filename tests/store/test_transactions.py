"""A transaction is stored whole or not at all, on both databases."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from store.engine import Store
from store.errors import StoreUnavailable
from store.tables import counters, leases


def put(store: Store, name: str, last: int = 1) -> None:
    with store.transaction() as tx:
        tx.execute(counters.insert().values(name=name, last=last))


def names(store: Store) -> list[str]:
    with store.reading() as tx:
        return list(tx.execute(select(counters.c.name).order_by(counters.c.name)).scalars())


def test_what_a_transaction_wrote_is_there_when_it_ends(store: Store) -> None:
    put(store, "a")
    assert names(store) == ["a"]


def test_nothing_of_a_transaction_is_there_when_it_raises(store: Store) -> None:
    def half() -> None:
        with store.transaction() as tx:
            tx.execute(counters.insert().values(name="a", last=1))
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        half()
    put(store, "b")
    assert names(store) == ["b"]


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises((DBAPIError, StoreUnavailable)), store.reading() as tx:
        tx.execute(counters.insert().values(name="a", last=1))
    assert names(store) == []
    put(store, "b")


def test_a_reader_does_not_wait_for_a_writer_and_does_not_see_half_of_it(store: Store) -> None:
    inside, leave = threading.Event(), threading.Event()

    def write() -> None:
        with store.transaction() as tx:
            tx.execute(counters.insert().values(name="a", last=1))
            inside.set()
            leave.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    assert inside.wait(30)
    assert names(store) == []
    leave.set()
    writer.join(30)
    assert names(store) == ["a"]


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.reading() as tx:
        before = tx.execute(select(func.count()).select_from(counters)).scalar()
        writer = threading.Thread(target=put, args=(store, "a"))
        writer.start()
        writer.join(30)
        assert tx.execute(select(func.count()).select_from(counters)).scalar() == before == 0


def test_a_transaction_in_a_transaction_is_refused_in_words(store: Store) -> None:
    for inner in (store.transaction, store.reading):
        with store.transaction(), pytest.raises(RuntimeError, match="hand on its tx"), inner():
            pass
    put(store, "a")


def test_moments_come_back_aware_and_in_utc(store: Store) -> None:
    noon = datetime.fromisoformat("2026-11-23T12:00:00.123456+08:00")
    with store.transaction() as tx:
        tx.execute(leases.insert().values(name="clock", holder="a", until=noon))
    with store.reading() as tx:
        until = tx.execute(select(leases.c.until)).scalar_one()
    assert until == noon
    assert until.tzinfo is UTC


def test_many_threads_count_without_losing_one(store: Store) -> None:
    put(store, "a", 0)

    def count() -> None:
        for _ in range(20):
            with store.transaction() as tx:
                tx.execute(counters.update().values(last=counters.c.last + 1))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with store.reading() as tx:
        assert tx.execute(select(counters.c.last)).scalar() == 160
