"""A process of its own for the tests: claims commands of the outbox until none is left, and says which."""

import sys
from datetime import UTC, datetime

from calls import outbox
from store.engine import Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def take(store: Store) -> list[outbox.Command]:
    with store.transaction() as tx:
        return outbox.claim(tx, NOON, 30, 3)


def finish(store: Store, command: outbox.Command) -> None:
    with store.transaction() as tx:
        outbox.done(tx, command.id)
    print(command.key, flush=True)


if __name__ == "__main__":
    store = Store(sys.argv[1])
    while commands := take(store):
        for command in commands:
            finish(store, command)
