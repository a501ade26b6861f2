"""The few statements that SQLAlchemy spells differently for each database."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of `tx`."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
