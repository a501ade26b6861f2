"""PostgreSQL, the production engine, through psycopg 3 and a pool for many threads."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, create_engine, event, text

MIGRATION_LOCK = 0x686F746C696E65  # "hotline" in ASCII

# A process that stops in the middle of a transaction must not hold its rows for ever.
LIMITS = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'"


class Postgres:
    """One pool. A reader sees one moment, as it does on SQLite."""

    def __init__(self, url: URL) -> None:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            hide_parameters=True,  # errors are logged, and rows hold telephone numbers
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=12,  # 20 a process: five processes fit a server with its usual 100
            pool_timeout=10,
            pool_use_lifo=True,  # idle connections close first
            connect_args={"connect_timeout": 5, "application_name": "hotline"},
        )
        event.listen(engine, "connect", _set_limits)
        self.writer = engine
        self.reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def turn(self) -> AbstractContextManager[None]:
        return nullcontext()

    def create(self) -> None:
        """Nothing: a PostgreSQL database is made by whoever runs the server."""

    def lock_for_migration(self, tx: Connection) -> None:
        """Wait until no other process migrates; held until the transaction ends."""
        tx.execute(text("SET LOCAL lock_timeout = 0"))
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def _set_limits(connection: psycopg.Connection[Any], _record: Any) -> None:
    connection.execute(LIMITS)
    connection.commit()
