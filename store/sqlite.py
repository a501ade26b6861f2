"""SQLite, the embedded default: one writer at a time, readers that never wait, every commit on the disk."""

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from store.errors import NOT_MADE, StoreUnavailable
from store.turn import Turn

BUSY_MILLISECONDS = 10_000  # only programs other than the hotline can make it wait


class Sqlite:
    """One connection that writes, in turn, and a pool of connections that cannot write."""

    def __init__(self, url: URL) -> None:
        self.path = Path(str(url.database))
        self._url = url
        self._turn = Turn(self.path)
        self.writer = self._engine("BEGIN IMMEDIATE", "query_only = OFF", pool_size=1, max_overflow=0)
        self.reader = self._engine("BEGIN", "query_only = ON", pool_size=8, max_overflow=56)

    def turn(self) -> AbstractContextManager[None]:
        self._must_exist()
        return self._turn.taken()

    def create(self) -> None:
        """Make the folder and an empty file, where there is none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()

    def lock_for_migration(self, tx: Connection) -> None:
        """Nothing more: the turn to write already keeps every other process out."""

    def _engine(self, begin: str, *pragmas: str, pool_size: int, max_overflow: int) -> Engine:
        engine = create_engine(
            self._url.set(drivername="sqlite"),
            hide_parameters=True,  # errors are logged, and rows hold telephone numbers
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=10,
        )
        event.listen(engine, "do_connect", self._must_exist)

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: Any) -> None:
            connection.isolation_level = None  # no BEGIN but ours
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            if begin == "BEGIN IMMEDIATE":  # opened in turn, so that no two processes change the mode at once
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin_for_real(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def _must_exist(self, *_arguments: Any) -> None:
        # SQLite would make an empty file of a mistyped name, and the error would come later and elsewhere.
        if not self.path.exists():
            raise StoreUnavailable(self._url, "there is no such file", NOT_MADE)
