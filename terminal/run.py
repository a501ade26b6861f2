"""`hotline run`: the whole hotline, from its database to the line that says how to call it."""

import os
import shutil
import socket
import sys
import threading
from typing import TYPE_CHECKING

import click

from terminal.refusal import Refusal, refuse_other_hosts, said_plainly
from terminal.running import Running, claimed
from terminal.supervisor import KeepsDying, Supervisor
from terminal.watch import Watch

if TYPE_CHECKING:
    from terminal.plan import Plan

PORT = click.IntRange(1, 65535)
COLOURS = {"web": "green", "carrier": "magenta", "clock": "blue"}


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address that web and carrier listen on."
)
@click.option("--web-port", type=PORT, envvar="HOTLINE_WEB_PORT", help="Instead of the port of public_url.")
@click.option("--carrier-port", type=PORT, envvar="HOTLINE_CARRIER_PORT", help="Instead of carrier_url's.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Web processes.")
def run(host: str, web_port: int | None, carrier_port: int | None, workers: int) -> None:
    """Start the hotline: web, carrier and clock, until Ctrl-C.

    What dies is started again; only where a part never comes up is the start given up. All data is in var/
    and still there at the next start.
    """
    from settings.secrets import variable_folder
    from terminal.plan import Plan

    for name, port in (("HOTLINE_WEB_PORT", web_port), ("HOTLINE_CARRIER_PORT", carrier_port)):
        if port:
            os.environ[name] = str(port)  # this process and all parts read the configuration with it
    refuse_other_hosts()
    os.umask(0o077)  # what the hotline keeps, telephone numbers too, is nobody else's to read
    var = variable_folder()
    with said_plainly(), claimed(var):
        plan = Plan.of_this_folder(host, workers, var)
        plan.check_account()
        plan.check_carrier_port()
        try:
            with plan.listener() as listener:
                migrate()
                supervise(plan, listener)
        except KeepsDying as dead:
            raise Refusal(
                f"{dead}: giving up", "its last lines above say why; hotline doctor may know"
            ) from None
    say("hotline", f"stopped; all data stays in {var}/")


def migrate() -> None:
    """Make the database, or bring it up to this version."""
    from terminal.database import opened

    with opened() as store:
        store.migrate()


def supervise(plan: "Plan", listener: socket.socket) -> None:
    """Run the parts until told to stop; the web processes listen on `listener`."""
    watch = Watch(plan.health, say, lambda: show(welcome(plan)))
    carrier = plan.hotline.carrier_url if plan.local else None

    def started(pids: dict[str, int]) -> None:
        Running(os.getpid(), plan.hotline.number, plan.web, carrier, plan.hotline.public_url, pids).write(
            plan.var
        )
        watch.started(pids)

    Supervisor(plan.parts(listener), say, started, watch.beat).run()


def welcome(plan: "Plan") -> str:
    """Where everything is, and how to place a call."""
    command = "hotline" if shutil.which("hotline") else sys.argv[0].removeprefix(f"{os.getcwd()}/")
    carrier = plan.hotline.carrier_url if plan.local else "Twilio"
    lines = [
        " · ".join(list(dict.fromkeys(plan.hotline.name.values()))[:2]),
        f"    number   {plan.hotline.number}",
        f"    web      {plan.hotline.public_url}",
        f"    carrier  {carrier}",
        f"    data     {plan.var}/",
    ]
    if plan.local:
        lines += [
            f"    phone    {plan.hotline.public_url}/phone    call it from the browser, with your voice",
            "From another terminal, in this folder:",
            f"    {command} call         call it: press 4 for Korean, nothing for Chinese; h hangs up",
            f"    {command} agent kim    take a seat and answer",
            f"    {command} agent kim --browser    the same with your voice: prints the seat's address",
            f"    {command} tickets      see what became of the call",
        ]
    else:
        lines.append(f"Webhook of the number in Twilio's console: {plan.links.incoming()} (docs/twilio.md)")
    return "\n".join([*lines, "Ctrl-C stops it."])


_one_at_a_time = threading.Lock()


def say(name: str, line: str) -> None:
    """Print a line of a part, marked with its name."""
    show(click.style(f"{name:<8}| ", fg=COLOURS.get(name.partition("-")[0])) + line)


def show(text: str) -> None:
    """Print this; where nobody reads any more the hotline goes on, and nothing else is printed."""
    with _one_at_a_time:
        try:
            click.echo(text)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
