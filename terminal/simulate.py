"""`hotline simulate`: days of calls through the live rules in virtual time, and what would be otherwise."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from math import isnan
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from terminal.refusal import Refusal, said_plainly

if TYPE_CHECKING:
    from routing.simulator.measure import Tally
    from routing.simulator.scenario import Scenario
    from switchboard.setup import Setup
    from terminal.callers import Asked, Callers


class Number(click.FloatRange):
    """A number in a range. click's own takes nan, which is neither too small nor too great."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = float(super().convert(value, param, ctx))
        if isnan(found):
            self.fail(f"{value!r} is no number", param, ctx)
        return found


class Day(click.DateTime):
    """A day on which there can be telephone calls."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        found: datetime | None = None
        with suppress(click.BadParameter):
            found = super().convert(value, param, ctx)
        if found is None or not 1900 <= found.year <= 9000:  # where dates end, so does arithmetic
            self.fail(f"{value!r} is no day: write one like 2026-11-27", param, ctx)
        return found


FILE = click.Path(path_type=Path, dir_okay=False)
POSITIVE = Number(min=1, max=86_400)
DAYS = click.IntRange(min=1, max=1000)
LATEST = 28  # days that are learnt from


@click.command()
@click.option("--calls", type=click.IntRange(min=1, max=1_000_000), help="Calls a day.  [default: 8000]")
@click.option(
    "--seats",
    multiple=True,
    metavar="36",
    help="Seats, or seats by the hour: 0-8:12,8-20:40,20-24:20. The first are today's, each further one is"
    " tried against them; with --replay, each is tried against that day's.  [default: 40]",
)
@click.option(
    "--config",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Try another configuration, with today's seats.",
)
@click.option("--days", type=DAYS, help="How many such days, for the confidence intervals.  [default: 10]")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same callers.")
@click.option(
    "--fit",
    "learn",
    is_flag=False,
    flag_value=str(LATEST),
    metavar="[DAYS]",
    type=DAYS,
    help=f"Learn what callers are like from the last DAYS days in the database ({LATEST} if left out).",
)
@click.option(
    "--replay",
    type=Day(),
    metavar="DATE",
    help="Play the callers of this day in the database again.",
)
@click.option("--talk", type=POSITIVE, help="Seconds of an average talk, without wrap-up.  [default: 240]")
@click.option(
    "--patience", type=POSITIVE, help="Seconds after which callers give up, on average.  [default: 180]"
)
@click.option(
    "--accept",
    type=Number(min=0, max=120),
    help="Seconds until an agent takes an offer.  [default: 4]",
)
@click.option(
    "--missed",
    type=Number(min=0, max=90),
    help="How many of 100 offers are missed.  [default: 1]",
)
@click.option(
    "--away",
    type=Number(min=0, max=86_400),
    default=60,
    show_default=True,
    help="Seconds for which an agent who missed an offer is paused.",
)
@click.option(
    "--ask",
    type=Number(min=0, max=100),
    help="How many of 100 callers who are offered a call-back take it.  [default: 30]",
)
@click.option(
    "--reach",
    type=Number(min=0, max=100),
    help="How many of 100 call-backs reach the caller.  [default: 75]",
)
@click.option(
    "--date",
    type=Day(),
    metavar="DATE",
    help="The day whose opening hours and receptions are kept.  [default: the next workday]",
)
@click.option("--records", type=FILE, help="Write what became of every call into this CSV file.")
@click.option(
    "--svg", type=FILE, help="Draw calls, waits, service level, occupancy and abandonment by the hour."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of tables.")
def simulate(
    calls: int | None,
    seats: tuple[str, ...],
    folders: tuple[Path, ...],
    days: int | None,
    seed: int,
    learn: int | None,
    replay: datetime | None,
    talk: float | None,
    patience: float | None,
    accept: float | None,
    missed: float | None,
    away: float,
    ask: float | None,
    reach: float | None,
    date: datetime | None,
    records: Path | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Play days of calls through the hotline's own rules, in virtual time.

    Who is rung is decided as on the telephone, by queues.yml and agents.yml. Each further --seats and each
    --config is another scenario with the same callers, beside today's and with what differs.
    """
    from terminal.callers import Asked

    if replay:
        _refuse_with_replay(calls=calls, days=days, fit=learn, accept=accept, missed=missed, date=date)
    shares = {"missed": missed, "asks": ask, "reached": reach}
    asked = Asked(
        calls,
        talk,
        patience,
        accept,
        day=date.date() if date else None,
        **{name: each / 100 for name, each in shares.items() if each is not None},
    )
    with said_plainly():
        today, others = _setups(folders)
    _refuse_to_ring_for_ever(accept, [today, *(setup for _, setup in others)])
    callers = _callers(today, asked, learn, replay, seed)
    tried = _scenarios(today, others, callers, seats, away)
    for scenario in tried:
        _warn(scenario, callers)
    with ExitStack() as files:
        table = files.enter_context(_opened(records)) if records else None
        drawing = files.enter_context(_opened(svg)) if svg else None
        tallies = _played(tried, callers, 1 if replay else days or 10, table)
        if drawing:
            from routing.simulator.charts import charts

            drawing.write(charts(tallies))
    said = _assumed(today, callers, tried, away) | _unplayed(today, others, callers, tried)
    _tell(tallies, said, seed, as_json)
    for path in (records, svg):
        if path:
            click.echo(f"written: {path}", err=as_json)


def _refuse_with_replay(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise click.UsageError(f"--{name} and --replay don't go together: the recorded day says it")


def _refuse_to_ring_for_ever(accept: float | None, setups: "list[Setup]") -> None:
    for setup in setups:
        rings = setup.config.hotline.offer_seconds
        if accept is not None and accept >= rings:
            raise Refusal(
                f"--accept {accept:g}: an offer rings for {rings} s, so nobody would take one in time",
                f"write less than the offer_seconds of {(setup.config.folder / 'hotline.yml').as_posix()}",
            )


def _setups(folders: tuple[Path, ...]) -> "tuple[Setup, list[tuple[Path, Setup]]]":
    from settings.secrets import config_folder
    from switchboard.setup import load

    return load(config_folder()), [(folder, load(folder)) for folder in folders]


def _callers(
    today: "Setup", asked: "Asked", learn: int | None, replay: datetime | None, seed: int
) -> "Callers":
    from terminal.callers import learnt, recorded, supposed

    if replay:
        return recorded(today, asked, replay.date(), seed)
    if learn:
        return learnt(today, asked, learn, seed)
    return supposed(today, asked, seed)


def _scenarios(
    today: "Setup",
    others: "list[tuple[Path, Setup]]",
    callers: "Callers",
    seats: tuple[str, ...],
    away: float,
) -> "list[Scenario]":
    """Today's first, or those of the recorded day."""
    from terminal.scenarios import SEATS, Hourly, named, scenario, seats_by_hour

    hourly: list[tuple[str, Hourly | None]] = [(f"{each} seats", seats_by_hour(each)) for each in seats]
    if callers.shifts:
        hourly.insert(0, ("seats as on that day", None))
    elif not hourly and callers.seats:
        hourly = [("seats as learnt", callers.seats)]
    elif not hourly:
        hourly = [(f"{SEATS} seats", seats_by_hour(str(SEATS)))]
    wanted: list[tuple[Path | None, Setup, str, Hourly | None]] = [(None, today, *each) for each in hourly]
    wanted += [(folder, setup, *hourly[0]) for folder, setup in others]
    names = named([(folder, words) for folder, _, words, _ in wanted])
    return [
        scenario(name, setup, today, callers, each, away)
        for name, (_, setup, _, each) in zip(names, wanted, strict=True)
    ]


def _warn(scenario: "Scenario", callers: "Callers") -> None:
    from terminal.scenarios import unserved

    for warning in unserved(scenario, callers.lanes):
        click.echo(warning, err=True)


def _played(
    tried: "list[Scenario]", callers: "Callers", days: int, table: IO[str] | None
) -> "dict[str, Tally]":
    """Play the same callers in each scenario, day by day."""
    from rich.console import Console
    from rich.progress import Progress

    from routing.simulator.measure import Tally
    from terminal.records import Records

    records = Records(table) if table else None
    tallies = {scenario.name: Tally(scenario.workers) for scenario in tried}
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("simulating", total=days * len(tried))
        for day in range(1, days + 1):
            arrivals = callers.day(day)
            for scenario in tried:
                played = scenario.play(arrivals)
                tallies[scenario.name].add(played)
                if records:
                    records.write(scenario.name, day, played)
                progress.advance(task)
    return tallies


def _assumed(today: "Setup", callers: "Callers", tried: "list[Scenario]", away: float) -> dict[str, str]:
    """What the callers are like, and then the seats."""
    from terminal.callers import CALL_BACKS

    habits, people = tried[0].habits, len(today.config.agents)
    mended = f"the {people} people of agents.yml, multiplied or cut to the seats with their mix of languages"
    called = any(scenario.house.call_backs for scenario in tried)
    return {
        **{name: words for name, words in callers.said.items() if called or name != CALL_BACKS},
        "who misses one": f"is paused for {away:.0f} s; it rings {habits.offer_seconds:.0f} s (hotline.yml)",
        "wrap-up": f"{habits.wrap_up_seconds:.0f} s after each talk (hotline.yml)",
        "at the seats": mended,
    }


def _unplayed(
    today: "Setup", others: "list[tuple[Path, Setup]]", callers: "Callers", tried: "list[Scenario]"
) -> dict[str, str]:
    """What has no part in the figures."""
    from terminal.scenarios import asked_by_menus, unplayed

    gone = (
        "keys: who may not wait in a queue, or not any longer, goes where its menu leads,"
        " and is gone where that is a message or a question"
    )
    left_out = [gone, "nobody calls again"]
    if hours := sorted(
        {name for setup in (today, *(each for _, each in others)) for name in asked_by_menus(setup)}
    ):
        left_out.append(f"hours that menus ask for ({', '.join(hours)}): at others callers come all the same")
    if any(scenario.house.call_backs for scenario in tried):
        left_out.append("a call-back that is left for the next day takes nobody's time")
    said = {"not played": "; ".join(left_out)}
    for folder, setup in others:
        if differ := unplayed(setup, today, callers.date):
            said[f"not played of {folder}"] = f"it differs in, without a difference here: {', '.join(differ)}"
    return said


def _tell(tallies: "dict[str, Tally]", assumed: dict[str, str], seed: int, as_json: bool) -> None:
    from rich.console import Console

    from terminal.simulation_pages import Simulation, show, values

    simulation = Simulation(tallies, assumed, seed)
    if as_json:
        click.echo(json.dumps(values(simulation), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False)
    show(simulation, console if console.is_terminal else Console(highlight=False, markup=False, width=120))


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """A file to write; Refusal before anything is simulated where it can't be written."""
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise Refusal(f"can't write {path}: {why}", "name a file in a folder that is yours") from error
    with file:
        yield file
