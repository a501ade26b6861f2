"""The migrations make exactly the tables of store/tables.py, once, whoever starts first."""

import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from store.engine import Store
from store.errors import StoreTooNew
from store.migrate import alembic_config
from store.tables import metadata

CATALOG = {
    "sqlite": [
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    ],
    "postgresql": [
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    ],
}


def schema(store: Store) -> dict[str, Any]:
    """Everything the database itself says of its tables: partial indexes and checks too."""
    with store.reading() as tx:
        found = {
            name: _table(tx, name) for name in inspect(tx).get_table_names() if name != "alembic_version"
        }
        catalog = [[tuple(row) for row in tx.execute(text(query))] for query in CATALOG[tx.dialect.name]]
    rows = [[row for row in rows if "alembic_version" not in str(row)] for rows in catalog]
    return {"tables": found, "catalog": rows}


def _table(tx: Connection, name: str) -> dict[str, Any]:
    look = inspect(tx)
    return {
        "columns": [
            (each["name"], str(each["type"]), each["nullable"], each["default"])
            for each in look.get_columns(name)
        ],
        "primary key": look.get_pk_constraint(name),
        "foreign keys": sorted(look.get_foreign_keys(name), key=str),
        "unique": sorted(look.get_unique_constraints(name), key=str),
        "checks": sorted(look.get_check_constraints(name), key=str),
    }


@pytest.fixture
def created(new_database: Callable[[], str]) -> Store:
    """A store whose tables came straight from store/tables.py."""
    store = Store(new_database())
    store.database.create()
    with store.transaction() as tx:
        metadata.create_all(tx)
    return store


def test_the_migrated_tables_are_those_of_the_metadata(store: Store, created: Store) -> None:
    migrated = schema(store)
    assert migrated == schema(created)
    assert set(migrated["tables"]) == set(metadata.tables)
    checks = {check["name"] for table in migrated["tables"].values() for check in table["checks"]}
    assert checks == {"ck_agents_state", "ck_calls_state", "ck_offers_state", "ck_tickets_state"}
    assert "uq_offers_live_agent" in str(migrated["catalog"])
    created.dispose()


def test_alembic_finds_nothing_to_add(store: Store) -> None:
    config = alembic_config()
    with warnings.catch_warnings(), store.transaction() as tx:
        # SQLite cannot tell what an index on an expression holds; the test above reads its SQL.
        warnings.filterwarnings("ignore", ".*expression-based index.*")
        config.attributes["connection"] = tx
        command.check(config)  # raises where store/tables.py has become due a migration


def test_migrating_again_changes_nothing(store: Store) -> None:
    before = schema(store)
    store.migrate()
    store.migrate()
    assert schema(store) == before


def test_several_processes_may_start_at_once(new_database: Callable[[], str]) -> None:
    url = new_database()
    program = "import sys; from store.engine import Store; Store(sys.argv[1]).migrate()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ends = [(process.communicate(timeout=100)[1], process.returncode) for process in started]
    assert ends == [("", 0)] * 4
    store = Store(url)
    assert set(schema(store)["tables"]) == set(metadata.tables)
    store.dispose()


def test_a_database_of_a_newer_version_is_refused_with_the_mend(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
    with pytest.raises(StoreTooNew, match="at revision v9999, which this program does not know") as refused:
        store.migrate()
    assert "mend: install" in str(refused.value)


def test_a_migration_that_fails_leaves_nothing_behind(new_database: Callable[[], str]) -> None:
    store = Store(new_database())
    store.database.create()
    with store.transaction() as tx:
        tx.execute(text("CREATE TABLE recordings (sid varchar(1))"))  # in the way, late in the migration
    with pytest.raises(Exception, match="recordings"):
        store.migrate()
    with store.reading() as tx:
        assert inspect(tx).get_table_names() in (["recordings"], ["alembic_version", "recordings"])
    store.dispose()
