"""What `hotline close`, `open`, `hours` and `seat` share: the configuration, the database, the queues."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from settings.config import Config, load_config
from settings.problems import ConfigRefused, did_you_mean
from settings.secrets import config_folder
from store.engine import Store
from switchboard.setup import kept_setup
from terminal.database import opened
from terminal.refusal import Refusal

ALL = "all"


@contextmanager
def hotline_here() -> Iterator[tuple[Config, Store]]:
    """The configuration and the database of the hotline on this computer."""
    with opened() as store:
        store.migrate()
        yield config_here(), store


def config_here() -> Config:
    """What stands in config/; while that has errors, the last that was right, as for the running hotline."""
    folder = config_folder()
    try:
        return load_config(folder)
    except ConfigRefused:
        kept = kept_setup().last(folder)
        if kept is None:
            raise
        click.echo(f"{folder} has errors (hotline check), the last one that was right is used", err=True)
        return kept.config


def named(config: Config, queue: str) -> list[str]:
    """The queues that are meant by a queue's name, or by `all`."""
    if queue == ALL:
        return list(config.queues)
    if queue not in config.queues:
        known = [*config.queues, ALL]
        raise Refusal(f"there is no queue '{queue}' in config/queues.yml", did_you_mean(queue, known))
    return [queue]
