"""A process of its own for the tests: `python writer.py URL commits` or `... URL lingers`."""

import sys
import time
from datetime import UTC, datetime

from sqlalchemy import Connection

from store.engine import Store
from tickets.register import register


def one(tx: Connection, sid: str) -> str:
    return register(
        tx, call_sid=sid, caller=None, language="zh", now=datetime(2026, 11, 23, tzinfo=UTC), timezone=UTC
    )


def commits(store: Store) -> None:
    """Register tickets without end, and say each number as soon as it is stored."""
    while True:
        with store.transaction() as tx:
            number = one(tx, f"CA{time.monotonic_ns()}")
        print(number, flush=True)


def lingers(store: Store) -> None:
    """Register a ticket and stay in the middle of the transaction."""
    with store.transaction() as tx:
        print(one(tx, "CAlingers"), flush=True)
        time.sleep(1000)


if __name__ == "__main__":
    {"commits": commits, "lingers": lingers}[sys.argv[2]](Store(sys.argv[1]))
