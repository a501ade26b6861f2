"""A process of its own for the tests: registers COUNT tickets and gives every fifth transaction up."""

import sys
from contextlib import suppress
from datetime import UTC, datetime

from store.engine import Store
from tickets.register import register


class ChangedMyMind(Exception):
    """The transaction is given up."""


def one(store: Store, sid: str, give_up: bool) -> None:
    with store.transaction() as tx:
        now = datetime(2026, 11, 23, tzinfo=UTC)
        number = register(tx, call_sid=sid, caller=None, language="zh", now=now, timezone=UTC)
        if give_up:
            raise ChangedMyMind
    print(number, flush=True)


if __name__ == "__main__":
    _, url, name, count = sys.argv
    store = Store(url)
    for turn in range(int(count)):
        if turn % 5 == 0:
            with suppress(ChangedMyMind):
                one(store, f"CA{name}x{turn}", True)
        one(store, f"CA{name}{turn}", False)
