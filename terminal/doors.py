"""What `hotline close`, `open` and `hours` have in common: the configuration, the database, the queues."""

from collections.abc import Iterator
from contextlib import contextmanager

from settings.config import Config, load_config
from settings.problems import did_you_mean
from settings.secrets import config_folder
from store.engine import Store
from terminal.database import opened
from terminal.refusal import Refusal

ALL = "all"


@contextmanager
def hotline_here() -> Iterator[tuple[Config, Store]]:
    """The configuration and the database of the hotline on this computer."""
    with opened() as store:
        store.migrate()
        yield load_config(config_folder()), store


def named(config: Config, queue: str) -> list[str]:
    """The queues that are meant by a queue's name, or by `all`."""
    if queue == ALL:
        return list(config.queues)
    if queue not in config.queues:
        known = [*config.queues, ALL]
        raise Refusal(f"there is no queue '{queue}' in config/queues.yml", did_you_mean(queue, known))
    return [queue]
