"""`hotline open QUEUE`: callers may wait there again, as its hours say."""

from datetime import UTC, datetime

import click

from routing.closures import reopen
from terminal.doors import hotline_here, named
from terminal.who import who


@click.command()
@click.argument("queue")
def open(queue: str) -> None:
    """Open QUEUE, or all of them, that `hotline close` has closed."""
    with hotline_here() as (config, store), store.transaction() as tx:
        opened = reopen(tx, named(config, queue), who(), datetime.now(UTC))
    click.echo(f"{', '.join(opened)}: open again" if opened else "nothing was closed")
