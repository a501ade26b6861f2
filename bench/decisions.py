"""How many assignments a second: `python -m bench.decisions`.

Callers wait in twenty lanes (five languages, two queues, two priorities), agents have ten profiles. For each
number of agents and of waiting callers, calls are given out for `--seconds`, each in a transaction of its own
as the dispatcher does; between the measured ones, whoever was rung is ready again and somebody else calls.
What is printed are decisions a second, and the time of a decision and of what the database reads for it as
ratios to the smallest number of both in the same run. `--url` names an empty PostgreSQL database to measure
there; without it, SQLite in a new file.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from math import log2
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import click
from sqlalchemy import delete, insert, text, update

from agents.presence import Presence
from calls.book import lane
from routing.dispatch import match
from routing.floor import keep, name_of
from routing.policy.skills import Profile
from routing.policy.timeline import Rules
from routing.rulebook import Rulebook
from store.engine import Store
from store.statements import at_one_moment
from store.tables import agents, calls, menus

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LANGUAGES = ("zh", "en", "ja", "ko", "ru")
QUEUES = ("people", "passports")
BOOK = Rulebook("bench", {"people": Rules("people"), "passports": Rules("passports", "fewest-calls")})
PROFILES = [
    Profile.of(dict.fromkeys(queues, 1.0), {"zh": 5, language: 4})
    for language in LANGUAGES
    for queues in (QUEUES, QUEUES[:1])
]
BATCH = 20  # decisions between two refills; the smallest team has twice as many agents
AGENTS, WAITING = (40, 1_000, 10_000), (100, 10_000, 100_000)


@dataclass(frozen=True)
class Cell:
    """So many agents and waiting callers: decisions a second, and the seconds of a quick one
    (nine of ten take longer) before its commit."""

    agents: int
    waiting: int
    per_second: float
    deciding: float


class City:
    """A database with a crowd in it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._numbers = count()
        self.waiting = 0
        store.migrate()
        with store.transaction() as tx:
            tx.execute(insert(menus).values(version="m", source={}, loaded_at=NOW))
            keep(tx, PROFILES)

    def seat(self, people: int) -> None:
        """So many agents are ready."""
        rows = [self._agent(number) for number in range(people)]
        with self.store.transaction() as tx:
            tx.execute(delete(agents))
            tx.execute(insert(agents), rows)

    def call(self, callers: int) -> None:
        """So many more wait."""
        for start in range(0, callers, 10_000):
            rows = [self._call(next(self._numbers)) for _ in range(min(10_000, callers - start))]
            with self.store.transaction() as tx:
                tx.execute(insert(calls), rows)
        self.waiting += callers

    def settle(self) -> None:
        """As the database's own housekeeping would."""
        with self.store.transaction() as tx:
            tx.execute(text("ANALYZE"))

    def again(self) -> None:
        """Who was rung is ready once more."""
        rung = update(agents).where(agents.c.state != Presence.READY)
        with self.store.transaction() as tx:
            tx.execute(rung.values(state=Presence.READY, ready_since=self._at(next(self._numbers))))

    def _at(self, number: int) -> datetime:
        return NOW + timedelta(milliseconds=number)

    def _agent(self, number: int) -> dict[str, Any]:
        since = self._at(number)
        return {
            "name": f"a{number:05}",
            "address": f"client:a{number:05}",
            "state": Presence.READY,
            "since": since,
            "ready_since": since,
            "rung_at": since,
            "profile": name_of(PROFILES[number % len(PROFILES)]),
        }

    def _call(self, number: int) -> dict[str, Any]:
        sid, since = f"CA{number:08}", self._at(number)
        language, priority = LANGUAGES[number % 5], 10 * (number // 5 % 2)
        queue = QUEUES[number // 10 % 2]
        return {
            "sid": sid,
            "ticket": sid,
            "dialled": "+8643112345",
            "language": language,
            "state": "waiting",
            "menu": "m",
            "at": queue,
            "queue": queue,
            "priority": priority,
            "lane": lane(queue, language, priority, None),
            "started_at": since,
            "waiting_since": since,
            "seen_at": since,
        }


def measure(city: City, people: int, seconds: float) -> Cell:
    """Give calls out for so many seconds."""
    took: list[float] = []
    deciding: list[float] = []
    match_once(city)  # statements are compiled once
    city.call(1)
    waiting = city.waiting
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(BATCH):
            began = time.perf_counter()
            deciding.append(match_once(city) - began)
            took.append(time.perf_counter() - began)
        city.again()
        city.call(BATCH)
    return Cell(people, waiting, len(took) / sum(took), quantiles(deciding, n=10)[0])


def match_once(city: City) -> float:
    """Give one call out; when it was decided and reserved, before the commit."""
    with city.store.transaction() as tx:
        at_one_moment(tx)
        found = match(tx, BOOK, NOW + timedelta(hours=1))
        decided = time.perf_counter()
    if found is None:
        raise click.ClickException("nobody was found, though callers wait and agents are ready")
    city.waiting -= 1
    return decided


@contextmanager
def opened(url: str | None) -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        if url is None:
            file.touch()
        store = Store(url or f"sqlite:///{file}")
        try:
            yield store
        finally:
            store.dispose()


@click.command()
@click.option("--url", help="An empty PostgreSQL database: postgresql://user:password@host/name")
@click.option("--seconds", default=3.0, show_default=True, help="For each number of agents and callers.")
@click.option("--most", default=WAITING[-1], show_default=True, help="Waiting callers at most.")
def main(url: str | None, seconds: float, most: int) -> None:
    """Measure how the cost of a decision grows with agents and waiting callers."""
    click.echo(f"{'agents':>7} {'waiting':>8} {'a second':>9} {'decision':>9} {'reading and reserving':>22}")
    cells: list[Cell] = []
    with opened(url) as store:
        city = City(store)
        for waiting in (each for each in WAITING if each <= most):
            city.call(waiting - city.waiting)
            for people in AGENTS:
                city.seat(people)
                city.settle()
                cells.append(measure(city, people, seconds))
                show(cells[-1], cells[0])
    first, last = cells[0], cells[-1]
    crowd = last.agents * last.waiting / (first.agents * first.waiting)
    logarithm = log2(last.agents * last.waiting) / log2(first.agents * first.waiting)
    click.echo(
        f"agents times callers grew {crowd:,.0f}-fold, their logarithm {logarithm:.2f}-fold, "
        f"the cost of deciding {last.deciding / first.deciding:.2f}-fold"
    )


def show(cell: Cell, first: Cell) -> None:
    click.echo(
        f"{cell.agents:>7,} {cell.waiting:>8,} {cell.per_second:>9,.0f} "
        f"{first.per_second / cell.per_second:>9.2f} {cell.deciding / first.deciding:>22.2f}"
    )


if __name__ == "__main__":
    main()
