"""Databases of tests need not wait for the disk: processes are killed here, and nobody pulls the plug."""

from typing import Any

from sqlalchemy import event

from store.engine import Store


def hurry(store: Store) -> None:
    """Let commits of SQLite not wait for the disk; the server of PostgreSQL does not for any test."""
    if store.database.writer.dialect.name != "sqlite":
        return

    @event.listens_for(store.database.writer, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")
