"""The database of the hotline: SQLite in a file, or PostgreSQL. Everything is read and written here.

with store.transaction() as tx:     # all of it is stored, or none of it
    journal.note(tx, "call-arrived", now=now, call_sid=sid)
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from store.errors import NOT_MADE, WRITTEN_WRONG, StoreUnavailable
from store.postgres import Postgres
from store.sqlite import Sqlite
from store.turn import OutOfTurn

NO_SUCH_TABLE = "42P01"  # PostgreSQL's code
AWAY = ("25006", "25P03")  # read-only after a failover; a transaction that was idle for too long


class Store:
    """The database at `url` (sqlite:///var/hotline.db, postgresql://user:password@host/name).

    StoreUnavailable: no database of the hotline is written like that. Nothing is opened yet.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        in_a_file = self.url.get_backend_name() == "sqlite"
        self.database = Sqlite(self.url) if in_a_file else Postgres(self.url)
        self._inside = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Read and write; stored when the block ends, given up when it raises.

        StoreUnavailable: the database cannot be reached, is busy or broke off; nothing was stored unless
        it broke off in the very commit. Trying again is the caller's decision.
        """
        with self._alone(), self._said_plainly(), self.database.turn(), self.database.writer.begin() as tx:
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one moment of the database, without waiting for writers or keeping them waiting."""
        with self._alone(), self._said_plainly(), _rolled_back(self.database.reader) as tx:
            yield tx

    def migrate(self) -> None:
        """Bring the tables up to this version; other processes that start at the same time wait.

        StoreTooNew: the database belongs to a newer version.
        """
        from store.migrate import migrate  # Alembic takes a fifth of a second to import

        with self._said_plainly():
            migrate(self)

    def dispose(self) -> None:
        """Close every connection."""
        self.database.writer.dispose()
        self.database.reader.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # A second transaction inside the first would wait for it on SQLite, and not see it on PostgreSQL.
        if getattr(self._inside, "flag", False):
            raise RuntimeError(
                "already in a transaction or reading: hand on its tx instead of opening another"
            )
        self._inside.flag = True
        try:
            yield
        finally:
            self._inside.flag = False

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, InterfaceError) as error:
            unavailable = self._unavailable(error)
            if unavailable is None:
                raise
            raise unavailable from error
        except (PoolExhausted, OutOfTurn) as error:
            raise StoreUnavailable(self.url, str(error)) from error

    def _unavailable(self, error: DatabaseError | InterfaceError) -> StoreUnavailable | None:
        """What is the database's fault; a broken constraint or a wrong statement is not."""
        why = str(error.orig).strip()
        if getattr(error.orig, "sqlstate", None) == NO_SUCH_TABLE or why.startswith("no such table"):
            return StoreUnavailable(self.url, "it has no tables yet", NOT_MADE)
        # SQLite says "file is not a database" with the plain DatabaseError.
        away = getattr(error.orig, "sqlstate", None) in AWAY
        if away or isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
            return StoreUnavailable(self.url, why)
        return None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise StoreUnavailable(None, "its URL cannot be read", WRITTEN_WRONG) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreUnavailable(parsed, f"the hotline does not speak {parsed.drivername}", WRITTEN_WRONG)
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreUnavailable(parsed, "it would be gone with the process", WRITTEN_WRONG)
    return parsed


@contextmanager
def _rolled_back(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as tx, tx.begin() as reading:
        yield tx
        reading.rollback()
