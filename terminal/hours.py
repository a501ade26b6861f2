"""`hotline hours`: what is open now, and on the next days."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from routing.closures import Closure, closed
from settings.calendar import Calendar, YearUnknown
from settings.config import Config
from settings.hours import Span
from settings.opening import open_at
from terminal.doors import hotline_here


@click.command()
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True, help="Show so many days.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of tables.")
def hours(days: int, as_json: bool) -> None:
    """Show which queues are open now, the opening hours of the next days, and who receives."""
    now = datetime.now(UTC)
    with hotline_here() as (config, store), store.reading() as tx:
        closures = {one.queue: one for one in closed(tx, now)}
    today = config.calendar.local(now).date()
    coming = [today + timedelta(days=number) for number in range(days)]
    found = {
        "queues": [_queue(config, name, closures.get(name), now) for name in config.queues],
        "hours": [_named(config.calendar, name, coming) for name in config.calendar.hours],
        "receptions": _receptions(config.calendar, coming),
    }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(found, coming)


def _queue(config: Config, name: str, closure: Closure | None, now: datetime) -> dict[str, Any]:
    hours = config.queues[name].hours
    row = {"queue": name, "hours": hours, "state": "open", "until": None, "reason": None, "who": None}
    if closure is not None:
        until = closure.until.astimezone(config.hotline.zone) if closure.until else None
        row |= {"state": "closed by hand", "reason": closure.reason, "who": closure.who}
        row["until"] = f"{until:%Y-%m-%d %H:%M}" if until else None
    elif hours and not open_at(config.calendar, hours, now):
        row["state"] = "closed by its hours"
    return row


def _named(calendar: Calendar, name: str, days: Iterable[date]) -> dict[str, Any]:
    return {"hours": name, "days": {f"{day}": _spans(calendar, name, day) for day in days}}


def _spans(calendar: Calendar, name: str, day: date) -> list[str] | None:
    """None for a day of a year that the calendar does not hold."""
    try:
        return [_span(span) for span in calendar.spans(name, day)]
    except YearUnknown:
        return None


def _span(span: Span) -> str:
    start, end = span
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def _receptions(calendar: Calendar, days: Iterable[date]) -> list[dict[str, Any]]:
    return [
        {
            "day": f"{day}",
            "name": name,
            "times": [_span(span) for span in reception.times],
            "queue": reception.queue,
            "agent": reception.agent,
        }
        for day in days
        for name, reception in calendar.receptions.items()
        if day in reception.days
    ]


def _print(found: dict[str, Any], days: list[date]) -> None:
    console = Console(highlight=False, markup=False)  # a reason may have brackets in it
    rows = [
        (row["queue"], row["state"], row["until"], row["reason"], row["who"], row["hours"] or "always")
        for row in found["queues"]
    ]
    console.print(_table(("queue", "now", "until", "reason", "by", "hours"), rows))
    every = [(f"{day:%a} {day}", *(_day(row["days"][f"{day}"]) for row in found["hours"])) for day in days]
    console.print()
    console.print(_table(("day", *(row["hours"] for row in found["hours"])), every))
    if found["receptions"]:
        console.print()
        columns = ("day", "name", "times", "queue", "agent")
        receptions = [{**row, "times": _day(row["times"])} for row in found["receptions"]]
        rows = [tuple(row[column] for column in columns) for row in receptions]
        console.print(_table(("day", "reception", "times", "queue", "seat"), rows))


def _day(spans: list[str] | None) -> str:
    return "not in the calendar" if spans is None else ", ".join(spans) or "closed"


def _table(columns: Iterable[str], rows: Sequence[tuple[str | None, ...]]) -> Table:
    """Columns in which no row has anything are left out."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    filled = [column for column in zip(columns, *rows, strict=True) if any(column[1:])]
    for heading, *_ in filled:
        table.add_column(heading, overflow="fold")
    for row in zip(*(cells for _, *cells in filled), strict=True):
        table.add_row(*(cell or "" for cell in row))
    return table
