"""The front door: `create_app()` for a web server, and `hotline`, the command line."""

import sys
from difflib import get_close_matches
from errno import ENOSPC
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

COMMANDS = {
    "run": "Start the hotline: web, carrier and clock, until Ctrl-C.",
    "check": "Read every file in config/ and say what is wrong, where, and the mend.",
    "menu": "Draw the menus.",
    "prompts": "List what is spoken and what is recorded, and speak it ahead.",
    "call": "Call the hotline from this terminal, or play a written call.",
    "agent": "Sit down at a seat in this terminal.",
    "hours": "Show what is open now and on the next days.",
    "close": "Close a queue, or all of them, at once.",
    "open": "Open a queue again that was closed.",
    "seat": "Show a seat, or order it ready, paused or offline.",
    "tickets": "List the tickets, or show one with the journal of its call.",
    "waits": "Report what callers were told of their wait, and how long it was.",
    "simulate": "Play days of calls in virtual time: today's seats and rules, and what could be instead.",
    "doctor": "Check credentials, number, public URL and signature.",
    "web": "Serve the webhooks and pages (one of the parts `hotline run` starts).",
    "clock": "Run the timed jobs (one of the parts `hotline run` starts).",
}


class Rooms(click.Group):
    """Each command lives in `terminal/<its name>.py`, imported only when it is used."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """A terminal that can't show a sign gets a ? for it, and the command goes on."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if error.errno != ENOSPC:
                raise
            sys.exit("there is no space left where this writes\n    mend: make room, or write elsewhere")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            near = get_close_matches(cmd_name, COMMANDS, n=1)
            ctx.fail(
                f"there is no command {cmd_name!r}" + "".join(f"; did you mean {name!r}?" for name in near)
            )
        command = getattr(import_module(f"terminal.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - tells mypy what getattr cannot
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="connected-bridge", prog_name="hotline")
def main() -> None:
    """A city hotline: menus in five languages, a queue, seats, and a ticket for every call."""


def create_app() -> "Flask":
    """The web application, configured from the environment and config/."""
    from web import create_app as create_web

    return create_web()


if __name__ == "__main__":
    main()
