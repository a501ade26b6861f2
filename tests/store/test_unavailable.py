"""A database that cannot be used says so in one way, and is used again as soon as it can."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from store.engine import Store
from store.errors import StoreUnavailable
from store.tables import counters


def test_a_server_that_is_not_there() -> None:
    store = Store("postgresql://hotline:secret@127.0.0.1:1/hotline")
    for use in (store.transaction, store.reading):
        with pytest.raises(StoreUnavailable, match="cannot be used") as refused, use():
            pass
        assert "secret" not in str(refused.value)
    with pytest.raises(StoreUnavailable):
        store.migrate()


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for path in (tmp_path / "hotline.db", tmp_path / "no" / "folder" / "hotline.db"):
        store = Store(f"sqlite:///{path}")
        for use in (store.transaction, store.reading):
            with pytest.raises(StoreUnavailable, match="mend: start the hotline once"), use():
                pass
        assert not path.exists()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "hotline.db"
    path.write_text("this is a letter to the mayor, and no database" * 100)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable, match="not a database"), store.reading() as tx:
        tx.execute(select(counters))
    with pytest.raises(StoreUnavailable, match="not a database"), store.transaction():
        pass
    with pytest.raises(StoreUnavailable, match="not a database"):
        store.migrate()


def test_migrating_makes_the_folder_and_the_file(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/var/hotline.db")
    store.migrate()
    with store.reading() as tx:
        assert tx.execute(select(counters)).all() == []
    store.dispose()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_connection_that_breaks_in_the_middle_stores_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.transaction() as tx:
            tx.execute(counters.insert().values(name="a", last=1))
            tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreUnavailable):
        break_off()
    with store.transaction() as tx:
        assert tx.execute(select(counters)).all() == []


@pytest.mark.parametrize("backend", ["postgresql"])
def test_connections_that_broke_while_idle_are_not_noticed(store: Store) -> None:
    with store.reading() as tx:
        mine = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = Store(store.url.render_as_string(hide_password=False))
    with other.transaction() as tx:
        tx.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
    with store.reading() as tx:
        assert tx.execute(select(counters)).all() == []
    other.dispose()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite://", "would be gone with the process"),
        ("sqlite:///:memory:", "would be gone with the process"),
        ("mysql://hotline:secret@localhost/hotline", "does not speak mysql"),
        ("hotline:secret@db", "its URL cannot be read"),
    ],
)
def test_what_is_no_database_of_the_hotline_is_refused_in_words(url: str, why: str) -> None:
    with pytest.raises(StoreUnavailable, match=f"{why}\n +mend: write HOTLINE_DATABASE_URL as") as refused:
        Store(url)
    assert "secret" not in str(refused.value)


def test_a_database_without_tables_says_how_to_make_them(new_database: Callable[[], str]) -> None:
    store = Store(new_database())
    store.database.create()
    for use in (store.transaction, store.reading):
        with pytest.raises(StoreUnavailable, match=r"it has no tables yet\n +mend: start"), use() as tx:
            tx.execute(select(counters))
    store.dispose()
