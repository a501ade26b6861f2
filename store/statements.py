"""The few statements that SQLAlchemy spells differently for each database."""

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite


def insert(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of `tx`."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)


def pass_in_turn(tx: Connection, gate: str) -> None:
    """Wait until everybody who passed this gate before has committed, so that the order of passing is the
    order of being seen. On SQLite, with its one writer, that is so without waiting."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(gate, 0))))


def at_one_moment(tx: Connection) -> None:
    """Let all that this transaction reads be of one moment, and refuse its changes to rows that others have
    changed since. To be the first statement of a transaction. On SQLite, with its one writer, that is so."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
