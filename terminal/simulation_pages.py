"""Simulated days as tables and words of the terminal, and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from routing.simulator.figures import Estimate
from routing.simulator.measure import FIGURES, PROMISE, STANDARD, Part, Tally, more_than_chance
from routing.simulator.traffic import HOUR

PERCENT = " %"


@dataclass(frozen=True)
class Written:
    """What a figure is called, and how it is written, a difference with its sign."""

    label: str
    unit: str = ""
    factor: float = 1.0
    digits: int = 0

    def mean(self, found: Estimate) -> str:
        """Without the confidence interval."""
        return f"{found.mean * self.factor:,.{self.digits}f}{self.unit}"

    def whole(self, found: Estimate | None) -> str:
        """With half the width of the confidence interval, where there is one."""
        return "-" if found is None else f"{self.mean(found)}{self._half(found)}"

    def difference(self, found: Estimate | None) -> str:
        """Of two such figures: of shares in points, for half of 10 % is not 5 % less."""
        if found is None:
            return "-"
        unit = " points" if self.unit == PERCENT else self.unit
        return f"{found.mean * self.factor:+,.{self.digits}f}{self._half(found)}{unit}"

    def _half(self, found: Estimate) -> str:
        return f" ± {found.half * self.factor:,.{self.digits}f}" if isfinite(found.half) else ""


def _share(label: str) -> Written:
    return Written(label, PERCENT, 100, 1)


WORDS = {
    "calls": Written("calls a day"),
    "answered": _share("answered"),
    "in_time": _share(f"answered within {PROMISE:.0f} s"),
    "speed_of_answer": Written("average speed of answer", " s", digits=1),
    "abandoned": _share("gave up"),
    "turned_away": _share("found it full"),
    "closed": _share("found it closed"),
    "too_long": _share("ran into the longest wait"),
    "asked": _share("asked for a call-back"),
    "called_back": _share("reached at a call-back"),
    "until_called_back": Written("mean time until called back", " s"),
    "not_reached": _share("not reached at any call-back"),
    "left_for_tomorrow": _share("to be called the next day"),
    "had_to_wait": _share("nobody free at once"),
    "longest_wait": Written("longest wait of a day", " s"),
    "occupancy": _share("occupancy of agents"),
}
# Told of only where it has happened, in one scenario at least.
RARE = (
    "turned_away",
    "closed",
    "too_long",
    "asked",
    "called_back",
    "until_called_back",
    "not_reached",
    "left_for_tomorrow",
)
OF_PARTS = {  # and their headings in narrow columns
    "calls": "calls a day",
    "in_time": f"within {PROMISE:.0f} s",
    "speed_of_answer": "answered after",
    "abandoned": "gave up",
    "longest_wait": "longest wait",
}


@dataclass(frozen=True)
class Simulation:
    """What was simulated. The first of `tallies` is today's; `said` are the assumptions."""

    tallies: Mapping[str, Tally]
    said: Mapping[str, str]
    seed: int

    @property
    def today(self) -> str:
        return next(iter(self.tallies))

    @property
    def others(self) -> Iterator[tuple[str, Tally]]:
        return islice(self.tallies.items(), 1, None)

    @property
    def words(self) -> Mapping[str, Written]:
        """The figures that tell something: where no queue has a limit, nobody finds one full."""
        return {name: how for name, how in WORDS.items() if name not in RARE or self._happened(name)}

    def _happened(self, figure: str) -> bool:
        found = (tally.figure(figure) for tally in self.tallies.values())
        return any(each and each.mean for each in found)

    @property
    def days(self) -> int:
        return len(self.tallies[self.today].days)


def show(simulation: Simulation, console: Console) -> None:
    """Print the assumptions, the figures side by side, and what they say."""
    for part in _page(simulation):
        console.print(part, highlight=False, soft_wrap=isinstance(part, Text))


def values(simulation: Simulation) -> dict[str, Any]:
    """All of it for JSON; shares are of 1, times in seconds."""
    today = simulation.tallies[simulation.today]
    return {
        "seed": simulation.seed,
        "days": simulation.days,
        "confidence": 0.95,
        "assumptions": dict(simulation.said),
        "scenarios": [{"name": name, **_values(tally, today)} for name, tally in simulation.tallies.items()],
    }


def _page(simulation: Simulation) -> Iterator[RenderableType]:
    yield Text("What is assumed", style="bold")
    yield _facts(simulation.said)
    others = list(simulation.others)
    yield from _figures(simulation, others)
    yield Text()
    for name, tally in simulation.tallies.items():
        yield Text(_standard(name, tally))
    for name, tally in others:
        yield from (Text(line) for line in _verdict(name, tally, simulation))
    if simulation.days == 1:
        yield Text("One day says nothing about chance; more do (--days, with --fit for days like yours).")
    elif others:
        yield Text(f"    Below: how many more within {PROMISE:.0f} s; * is more than chance.")
    for name, tally in simulation.tallies.items():
        yield Text()
        yield _parts(name, tally, None if name == simulation.today else simulation)


def _facts(said: Mapping[str, str]) -> Table:
    table = _table()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.show_header = False
    for name, words in said.items():
        table.add_row(name, words)
    return table


def _figures(simulation: Simulation, others: list[tuple[str, Tally]]) -> Iterator[RenderableType]:
    """Today's figures, or a table with them for each scenario beside them."""
    today = simulation.tallies[simulation.today]
    beside: list[tuple[str, Tally | None]] = [*others] or [("", None)]
    for name, tally in beside:
        table = _table()
        for heading in ["", simulation.today, *([name, "difference"] if tally else [])]:
            table.add_column(heading, justify="right" if heading else "left", overflow="fold")
        for figure, how in simulation.words.items():
            cells = [how.label, how.whole(today.figure(figure))]
            if tally:
                cells += [
                    how.whole(tally.figure(figure)),
                    how.difference(tally.difference(figure, today)),
                ]
            table.add_row(*cells)
        yield Text()
        yield table


def _standard(name: str, tally: Tally) -> str:
    found = tally.figure("in_time")
    asked = f"GB/T 33358-2016 asks for {100 * STANDARD:.0f} % within {PROMISE:.0f} s"
    if found is None:
        return f"{asked}: nobody called."
    half = found.half if isfinite(found.half) else 0.0
    if abs(found.mean - STANDARD) <= half:
        word = "too near to it to tell"
    else:
        word = "kept" if found.mean >= STANDARD else "missed"
    return f"{asked}; {name}: {WORDS['in_time'].mean(found)}, {word}."


def _verdict(name: str, tally: Tally, simulation: Simulation) -> Iterator[str]:
    """Which differences are more than chance."""
    today = simulation.tallies[simulation.today]
    found = {figure: tally.difference(figure, today) for figure in simulation.words if figure != "calls"}
    known = {figure: each for figure, each in found.items() if each and isfinite(each.half)}
    surely = [WORDS[figure].label for figure, each in known.items() if _surely(each)]
    if known:
        maybe = [WORDS[figure].label for figure in known if WORDS[figure].label not in surely]
        yield f"{name} against {simulation.today}, the same callers. More than chance: {_listed(surely)}."
        yield f"    May be chance, or nothing: {_listed(maybe)}."


def _listed(labels: list[str]) -> str:
    return ", ".join(labels) or "nothing"


def _parts(name: str, tally: Tally, against: Simulation | None) -> Table:
    """Each queue and each language of a scenario, and how many more of them are answered in time."""
    in_time, table = WORDS["in_time"], _table()
    table.add_column(name, overflow="fold")
    more = [f"against {against.today}"] if against else []
    for heading in [*OF_PARTS.values(), *more]:
        table.add_column(heading, justify="right", overflow="fold")
    for part in sorted(tally.parts, key=lambda part: (part[0] != "queue", part[1])):
        cells = [WORDS[figure].whole(tally.figure(figure, part)) for figure in OF_PARTS]
        if against:
            found = tally.difference("in_time", against.tallies[against.today], part)
            cells.append(in_time.difference(found) + ("  *" if found and _surely(found) else "   "))
        table.add_row(" ".join(part), *cells)
    return table


def _surely(difference: Estimate) -> bool:
    return isfinite(difference.half) and more_than_chance(difference)


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), header_style="bold")


def _values(tally: Tally, today: Tally) -> dict[str, Any]:
    return {
        **_figures_of(tally, today, FIGURES),
        "parts": [
            {part[0]: part[1], **_figures_of(tally, today, OF_PARTS, part)} for part in sorted(tally.parts)
        ],
        "hours": [
            {
                "hour": number,
                "calls": hour.calls / len(tally.days),
                "at_work": hour.staffed / HOUR / len(tally.days),
                "wait": _of(hour.waited, hour.calls),
                "in_time": _of(hour.in_time, hour.calls),
                "occupancy": _of(hour.busy, hour.staffed),
                "abandoned": _of(hour.abandoned, hour.calls),
            }
            for number, hour in enumerate(tally.hours)
        ],
    }


def _figures_of(tally: Tally, today: Tally, names: Iterable[str], part: Part | None = None) -> dict[str, Any]:
    """The figures, and except for today's, by how much they differ from those."""
    figures = {name: _plain(tally.figure(name, part)) for name in names}
    if tally is today:
        return {"figures": figures}
    found = {name: tally.difference(name, today, part) for name in names}
    return {"figures": figures, "differences": {name: _judged(each) for name, each in found.items()}}


def _judged(found: Estimate | None) -> dict[str, float | bool | None] | None:
    if found is None:
        return None
    return {**_plain(found), "more_than_chance": _surely(found) if isfinite(found.half) else None}


def _plain(found: Estimate | None) -> dict[str, float | bool | None]:
    if found is None:
        return {"mean": None, "half": None}
    return {"mean": found.mean, "half": found.half if isfinite(found.half) else None}


def _of(part: float, whole: float) -> float | None:
    return part / whole if whole else None
