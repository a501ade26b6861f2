"""`hotline tickets`: the list of tickets, and one ticket with the journal of its call."""

import json
from datetime import UTC, datetime, tzinfo

import click
from rich.console import Console

from calls import journal
from routing import receipts
from settings.config import load_config
from settings.problems import ConfigRefused
from settings.secrets import config_folder, read_secrets, variable_folder
from store.engine import Store
from store.tables import TICKET_STATES
from terminal.database import opened
from terminal.refusal import Refusal
from terminal.running import the_running
from terminal.ticket_pages import Pages
from terminal.who import who
from terminal.why import Why
from tickets.find import Ticket, latest
from tickets.show import View, view


@click.command()
@click.argument("number", required=False)
@click.option("--state", type=click.Choice(TICKET_STATES), help="List only tickets in this state.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="List so many.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of tables.")
@click.option(
    "--full-numbers", is_flag=True, help="Show telephone numbers in full; the journal notes who did."
)
@click.option(
    "--play",
    is_flag=True,
    help="Print a link, good for ten minutes, that plays the recordings of ticket NUMBER in a browser; the"
    " journal notes who opens it.",
)
@click.option(
    "--why", is_flag=True, help="Show why the call of ticket NUMBER was offered to whom, and decide it again."
)
def tickets(
    number: str | None,
    state: str | None,
    limit: int,
    as_json: bool,
    full_numbers: bool,
    play: bool,
    why: bool,
) -> None:
    """List the newest tickets, or show ticket NUMBER with the journal of its call, step by step."""
    pages = Pages(_zone(), full_numbers)
    if (play or why) and number is None:
        raise click.UsageError(f"--{'play' if play else 'why'} needs the NUMBER of a ticket")
    if play and why:
        raise click.UsageError("only one of --play and --why")
    with opened() as store:
        if number is not None:
            found = _one(store, "".join(number.split()).replace("-", ""), full_numbers and not play)
            if play:
                click.echo(_link(found))
            elif why:
                _explain(store, found, pages.zone, as_json)
            else:
                _show(pages, found, as_json)
        else:
            _list(pages, _newest(store, state, limit, full_numbers), state, as_json)


def _one(store: Store, number: str, full_numbers: bool) -> View:
    with store.reading() as tx:
        found = view(tx, number)
    if found is None:
        raise Refusal(f"there is no ticket {number}", "`hotline tickets` lists the newest")
    if full_numbers:
        _note_shown(store, [found.ticket])
    return found


def _link(found: View) -> str:
    """The address of a page that plays the ticket's recordings, on the hotline that runs."""
    from web.play_token import issue

    number = found.ticket.number
    if not any(recording.deleted_at is None for recording in found.recordings):
        raise Refusal(
            f"ticket {number} has no recording that could be played",
            f"`hotline tickets {number}` shows what became of it",
        )
    running = the_running(variable_folder())
    return f"{running.public}/recordings/{issue(read_secrets().key, number, who())}"


def _explain(store: Store, found: View, zone: tzinfo, as_json: bool) -> None:
    """Why each offer of the ticket's call went to whom."""
    with store.reading() as tx:
        kept = receipts.of_call(tx, found.ticket.call_sid)
    pages = Why(zone)
    if as_json:
        click.echo(json.dumps([pages.values(receipt) for receipt in kept], ensure_ascii=False, indent=2))
    elif kept:
        _console().print(pages.page(found.ticket.number, kept))
    else:
        ago = f"or more than {receipts.KEPT.days} days ago, and receipts are kept no longer"
        click.echo(f"The call of ticket {found.ticket.number} was offered to nobody, {ago}.")


def _newest(store: Store, state: str | None, limit: int, full_numbers: bool) -> list[Ticket]:
    with store.reading() as tx:
        found = latest(tx, limit, state=state)
    if full_numbers:
        _note_shown(store, found)
    return found


def _note_shown(store: Store, shown: list[Ticket]) -> None:
    """Before a full number is shown, the journal knows to whom."""
    with store.transaction() as tx:
        for ticket in shown:
            if ticket.caller is not None:
                journal.note(tx, "number-shown", now=datetime.now(UTC), ticket=ticket.number, who=who())


def _zone() -> tzinfo:
    """The hotline's time zone; UTC, and a word about it, while config/ is broken."""
    try:
        return load_config(config_folder()).hotline.zone
    except ConfigRefused:
        click.echo("times are in UTC: config/ has errors (`hotline check` says which)", err=True)
        return UTC


def _list(pages: Pages, found: list[Ticket], state: str | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([pages.values(ticket) for ticket in found], ensure_ascii=False, indent=2))
    elif found:
        console = _console()
        console.print(pages.table(found, console.width))
    elif state:
        click.echo(f"No ticket is {state}. `hotline tickets` lists all of them.")
    else:
        click.echo("No tickets yet: every call becomes one. Place a call with `hotline call`.")


def _show(pages: Pages, found: View, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(pages.all_values(found), ensure_ascii=False, indent=2))
    else:
        _console().print(pages.page(found))


def _console() -> Console:
    """As wide as the terminal; a file or a pipe gets whole lines."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=200)
