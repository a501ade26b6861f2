"""`hotline seat NAME`: a supervisor looks at a seat, or orders it ready, paused or offline."""

from datetime import UTC, datetime, tzinfo

import click

from agents import presence
from agents.presence import Presence
from settings.problems import did_you_mean
from switchboard.seats import NoReason, pause_reason
from terminal.doors import hotline_here
from terminal.refusal import Refusal
from terminal.who import who


@click.command()
@click.argument("name")
@click.option("--ready", is_flag=True, help="Ready for calls.")
@click.option("--pause", metavar="REASON", help="Paused, for one of the reasons in hotline.yml.")
@click.option("--offline", is_flag=True, help="Signed out.")
@click.option("--show", is_flag=True, help="Only show the seat (when nothing else is asked for, too).")
def seat(name: str, ready: bool, pause: str | None, offline: bool, show: bool) -> None:
    """Show the seat of agent NAME, or order it into another state.

    An order in the middle of a call is honoured after it and its notes, whatever the agent asks for
    meanwhile. The journal knows who gave it.
    """
    if ready + (pause is not None) + offline + show > 1:
        raise click.UsageError("only one of --ready, --pause, --offline and --show")
    wanted = [Presence.READY] * ready + [Presence.PAUSED] * (pause is not None) + [Presence.OFFLINE] * offline
    with hotline_here() as (config, store):
        if name not in config.agents:
            raise Refusal(
                f"there is no agent '{name}' in config/agents.yml", did_you_mean(name, config.agents)
            )
        try:
            reason = pause_reason(config.hotline, pause) if pause is not None else None
        except NoReason as error:
            known = config.hotline.presence.reasons
            raise Refusal(str(error), did_you_mean(pause or "", known)) from None
        with store.transaction() as tx:
            found = presence.find(tx, name)
            if found is None:
                raise Refusal(f"'{name}' has no seat yet", "start the hotline once: `hotline run`")
            for state in wanted:
                presence.order(tx, found, state, datetime.now(UTC), who(), reason)
                found = presence.find(tx, name) or found
    click.echo(f"{name}: {_described(found, config.hotline.zone)}")


def _described(found: presence.Seat, zone: tzinfo) -> str:
    told = found.reason and not found.then and found.state != presence.Presence.READY
    reason = f" ({found.reason})" if told else ""
    then = f", then {found.then}" + (f" ({found.reason})" if found.reason else "") if found.then else ""
    ordered = " by order" if found.ordered else ""
    return f"{found.state}{reason} since {found.since.astimezone(zone):%Y-%m-%d %H:%M}{then}{ordered}"
