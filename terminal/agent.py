"""`hotline agent NAME`: a seat in the terminal, or the address of the one in the browser."""

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from terminal.reach import Reach


@click.command()
@click.argument("name")
@click.option(
    "--auto",
    is_flag=True,
    help="Accept every call, talk, hang up, be ready again, whoever ordered a pause: for trying it alone.",
)
@click.option(
    "--talk",
    type=click.IntRange(0, 86400),
    default=20,
    show_default=True,
    metavar="SECONDS",
    help="How long --auto talks.",
)
@click.option(
    "--browser", is_flag=True, help="Print the address of the seat in the browser, good for a shift."
)
def agent(name: str, auto: bool, talk: int, browser: bool) -> None:
    """Sit down at the seat of agent NAME: be ready, and answer when the telephone rings.

    r ready, p pause, a accept, d decline, h hang up, o hold and back, w wrapped up, / speaks up to Enter,
    q leaves the seat.
    """
    from settings.problems import did_you_mean
    from terminal.doors import config_here
    from terminal.reach import reach
    from terminal.refusal import Refusal, said_plainly

    with said_plainly():
        agents = config_here().agents
    if name not in agents:
        raise Refusal(f"there is no agent '{name}' in config/agents.yml", did_you_mean(name, agents))
    if browser:
        return click.echo(_address_in_browser(name))
    at = reach()
    return asyncio.run(_sit(at, name, agents[name].address, talk if auto else None))


def _address_in_browser(name: str) -> str:
    """Who sits there is in the fragment: it is in no server's log."""
    from settings.secrets import read_secrets, variable_folder
    from terminal.refusal import said_plainly
    from terminal.running import the_running
    from web.seat_token import issue

    with said_plainly():
        running, secrets = the_running(variable_folder()), read_secrets()
    return f"{running.public}/seat#{name}/{issue(secrets.key, name)}"


async def _sit(at: "Reach", name: str, address: str, talk: float | None) -> None:
    from terminal.auto import serve
    from terminal.desk import Desk
    from terminal.keys import Keys, one_at_a_time
    from terminal.screen import Screen
    from terminal.sitting import HELP, Sitting

    screen = Screen()
    phone = await at.phone(address)
    desk = Desk(at.running.web, at.secrets.key, name)
    sitting = Sitting(desk, phone, screen, address)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, sitting.quit)
    try:
        with one_at_a_time():
            screen.line(HELP, name)
            await sitting.sit_down()
            by_itself = [serve(sitting, talk)] if talk is not None else []
            await sitting.last(sitting.obey(Keys(screen.typing)), *by_itself)
    finally:
        with suppress(BrokenPipeError):  # nobody reads any more: the seat is left all the same
            if not sitting.lost:
                await sitting.ask("offline")
        await desk.close()
        await phone.close()
    screen.line("the seat is left", name)
