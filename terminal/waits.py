"""`hotline waits`: what callers were told of their wait, against how long they waited."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.table import Table

from routing.promises import Kept, Promise, kept, promises
from terminal.database import opened


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Look back so far.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of a table.")
def waits(days: int, as_json: bool) -> None:
    """Report how honest the waiting times were that callers were told.

    Half of the callers should have waited no longer than the first figure, nine of ten than the second. Who
    gave up is not among them, so where many do, the figures look better than they are.
    """
    now = datetime.now(UTC)
    with opened() as store, store.reading() as tx:
        made = promises(tx, now - timedelta(days=days), now)
    rows = list(_rows(made))
    if as_json:
        values = [{"queue": queue, "language": language, **asdict(each)} for queue, language, each in rows]
        click.echo(json.dumps(values, indent=2))
    elif rows:
        Console(highlight=False, markup=False).print(_table(rows))
    else:
        click.echo(
            f"In the last {days} days nobody was told a wait and then answered: who waits while agents who"
            " could take the call are at work is told one."
        )


Row = tuple[str, str, Kept]


def _rows(made: list[Promise]) -> Iterator[Row]:
    """All of them together, then each queue and language."""
    yield from _row("all", "", made)
    for queue, language in sorted({(each.queue, each.language) for each in made}):
        yield from _row(
            queue, language, (each for each in made if (each.queue, each.language) == (queue, language))
        )


def _row(queue: str, language: str, made: Iterable[Promise]) -> Iterator[Row]:
    found = kept(made)
    if found is not None:
        yield queue, language, found


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("queue", "lang"):
        table.add_column(heading)
    for heading in ("callers", "within p50", "within p90", "off by"):
        table.add_column(heading, justify="right")
    for queue, language, each in rows:
        table.add_row(
            queue,
            language,
            str(each.callers),
            f"{each.within_p50:.0%}",
            f"{each.within_p90:.0%}",
            f"{each.off:.0f} s",
        )
    return table
