"""The hotline's database, for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from settings.secrets import database_url
from store.engine import Store
from terminal.refusal import said_plainly


@contextmanager
def opened() -> Iterator[Store]:
    """The database, for as long as the block; what it, config/ and var/ refuse there is said plainly."""
    with said_plainly():
        store = Store(database_url())
        try:
            yield store
        finally:
            store.dispose()
