"""`hotline close QUEUE`: nobody waits there any more, and nobody is rung for it, until it is opened again."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

import click

from routing.closures import Closure, closed
from routing.closures import close as close_queue
from terminal.doors import hotline_here, named
from terminal.refusal import Refusal
from terminal.who import who

LONGEST = timedelta(days=366)


@click.command()
@click.argument("queue")
@click.option("--until", metavar="TIME", help='Open again by itself: "14:30" today, or "2026-11-27 08:00".')
@click.option(
    "--reason",
    metavar="TEXT",
    help="Why, for the journal and for hotline hours. A queue that is closed already keeps its reason where"
    ' none is given; --reason "" takes it away.',
)
def close(queue: str, until: str | None, reason: str | None) -> None:
    """Close QUEUE, or all of them, from the next decision on.

    New callers hear that the queue is closed and go where the menu's 'closed' leads, and so do those who wait
    in it, as soon as the music they hear is over. Talks go on.
    """
    now = datetime.now(UTC)
    with hotline_here() as (config, store):
        zone = config.hotline.zone
        end = None if until is None else moment(until, now, zone)
        queues = named(config, queue)
        with store.transaction() as tx:
            known = {one.queue: one.reason for one in closed(tx, now) if one.reason}
            kept = known if reason is None else {}
            for name in queues:
                close_queue(tx, Closure(name, now, end, reason or kept.get(name), who()))
    when = f"until {end.astimezone(zone):%Y-%m-%d %H:%M}" if end else f"until `hotline open {queue}`"
    click.echo(f"{', '.join(queues)}: closed {when}")
    for name in queues:
        if name in kept:
            click.echo(f'{name}: the reason stays "{kept[name]}"; --reason "" takes it away')


def moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """`14:30` of today, or `2026-11-27 08:00`; Refusal where it is neither, or past, or over a year away."""
    like = 'write it like "14:30" or "2026-11-27 08:00"'
    here = now.astimezone(zone)
    try:
        if re.fullmatch("[0-9]{1,2}:[0-9]{2}", text.strip()):
            hour, minute = map(int, text.split(":"))
            found = datetime.combine(here.date(), time(hour, minute), zone)
        else:
            found = datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError:
        raise Refusal(f"'{text}' is no time", like) from None
    if found.replace(tzinfo=None) > here.replace(tzinfo=None) + LONGEST:
        raise Refusal(f"'{text}' is more than a year away", "leave --until out: closed until it is opened")
    if found <= now:
        tomorrow = datetime.combine(here.date() + timedelta(days=1), found.timetz())
        past = f"'{text}' is past: it is {here:%Y-%m-%d %H:%M} at the hotline"
        raise Refusal(past, f'tomorrow it is --until "{tomorrow:%Y-%m-%d %H:%M}"')
    return found
