"""How many calls a second the simulator plays: `python -m bench.simulation`.

Days of a city hotline, each ten times as large as the one before, with seats in proportion and the sample
configuration's rules. What is printed is the size of a day, and calls a second as a ratio to the smallest day
of the same run: with the simulator's cost that of the logarithm of callers and agents it stays near 1.
"""

import time
from pathlib import Path

import click

from routing.simulator.day import Record
from switchboard.setup import load
from terminal.callers import Asked, supposed
from terminal.scenarios import scenario, seats_by_hour

CONFIG = Path(__file__).parents[1] / "config"
SIZES = ((800, 4), (8_000, 40), (80_000, 400))


def play(calls: int, seats: int) -> tuple[list[Record], float]:
    """A day of so many calls at so many seats, and the seconds that it took to play."""
    setup = load(CONFIG)
    callers = supposed(setup, Asked(calls=calls), seed=1)
    arrivals = callers.day(1)
    tried = scenario("", setup, setup, callers, seats_by_hour(str(seats)), away=60)
    began = time.perf_counter()
    records = tried.play(arrivals)
    return records, time.perf_counter() - began


@click.command()
@click.option("--times", default=3, show_default=True, help="Plays of each day; the quickest counts.")
def main(times: int) -> None:
    """Measure how many calls a second are played, and how that changes with the size of the day."""
    click.echo(f"{'calls':>7} {'seats':>6} {'seconds':>8} {'calls a second':>15} {'to the first':>13}")
    first = 0.0
    for calls, seats in SIZES:
        played = [play(calls, seats) for _ in range(times)]
        count, seconds = len(played[0][0]), min(seconds for _, seconds in played)
        first = first or count / seconds
        ratio = count / seconds / first
        click.echo(f"{count:>7,} {seats:>6,} {seconds:>8.2f} {count / seconds:>15,.0f} {ratio:>13.2f}")


if __name__ == "__main__":
    main()
