"""The hours of simulated days as one SVG picture that needs nothing else: no font, script or style sheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from xml.sax.saxutils import escape

from routing.simulator.measure import PROMISE, STANDARD, Hour, Tally
from routing.simulator.staff import HOURS

WIDTH, HEIGHT, GAP = 720, 120, 46  # pixels: a chart, and what is between two of them
LEFT, TOP, MARGIN = 56, 24, 20
ROW = 18  # of the legend
INK, GRID = "#1c2733", "#d5dce4"
COLOURS = ("#2563a8", "#c2571a", "#2e8540", "#7a4fa3", "#a8324a", "#5b6770")
DASHES = ("", "6 3", "2 3", "8 3 2 3")  # told apart without colours too

Value = Callable[[Hour], float | None]


@dataclass(frozen=True)
class Chart:
    """A figure of each hour. `top` is the end of its scale, None for as far as it needs; `line` a mark."""

    title: str
    value: Value
    top: float | None = None
    line: float | None = None


def _of_calls(value: Callable[[Hour], float]) -> Value:
    return lambda hour: value(hour) / hour.calls if hour.calls else None


SHARES = (
    Chart("average wait, seconds", _of_calls(lambda hour: hour.waited)),
    Chart(
        f"answered within {PROMISE:.0f} s, % (dotted: the standard's {100 * STANDARD:.0f} %)",
        _of_calls(lambda hour: 100 * hour.in_time),
        100,
        100 * STANDARD,
    ),
    Chart("occupancy, %", lambda hour: 100 * hour.busy / hour.staffed if hour.staffed else None, 100),
    Chart("abandoned, %", _of_calls(lambda hour: 100 * hour.abandoned)),
)


def charts(tallies: Mapping[str, Tally]) -> str:
    """Calls, waits, service level, occupancy and abandonment by the hour, a line for each scenario."""
    days = max(len(tally.days) for tally in tallies.values()) or 1
    drawn = (Chart("calls an hour", lambda hour: hour.calls / days), *SHARES)
    above = TOP + ROW * len(tallies) + MARGIN
    height = above + len(drawn) * (HEIGHT + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + MARGIN}" height="{height}"'
        f' font-family="sans-serif" font-size="12" fill="{INK}">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_legend(tallies),
    ]
    for place, chart in enumerate(drawn):
        parts += _chart(chart, [tally.hours for tally in tallies.values()], above + place * (HEIGHT + GAP))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(names: Mapping[str, Tally]) -> Iterator[str]:
    for place, name in enumerate(names):
        y = TOP + place * ROW
        yield f'<path d="M{LEFT} {y}h32" {_stroke(place)}/>'
        yield f'<text x="{LEFT + 42}" y="{y + 4}">{escape(name)}</text>'


def _chart(chart: Chart, scenarios: Sequence[Sequence[Hour]], y: int) -> Iterator[str]:
    rows = [[chart.value(hour) for hour in hours] for hours in scenarios]
    highest = max((value for row in rows for value in row if value is not None), default=0.0)
    top = chart.top or _round_up(highest)
    yield f'<text x="{LEFT}" y="{y - 8}" font-weight="bold">{escape(chart.title)}</text>'
    for mark in (0.0, top / 2, top):
        at = _y(mark, top, y)
        yield f'<path d="M{LEFT} {at}h{WIDTH}" stroke="{GRID}"/>'
        yield f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{mark:g}</text>'
    for hour in range(0, HOURS + 1, 3):
        yield f'<text x="{_x(hour)}" y="{y + HEIGHT + 16}" text-anchor="middle">{hour}:00</text>'
    if chart.line is not None:
        yield f'<path d="M{LEFT} {_y(chart.line, top, y)}h{WIDTH}" stroke="{INK}" stroke-dasharray="1 3"/>'
    for place, row in enumerate(rows):
        yield f'<path d="{_steps(row, top, y)}" fill="none" {_stroke(place)}/>'


def _steps(row: Sequence[float | None], top: float, y: int) -> str:
    """A level line for each hour, joined where both hours have a value."""
    path, pen = [], False
    for hour, value in enumerate(row):
        if value is not None:
            at = _y(value, top, y)
            path.append(f"{f'V{at}' if pen else f'M{_x(hour)} {at}'}H{_x(hour + 1)}")
        pen = value is not None
    return "".join(path)


def _stroke(place: int) -> str:
    dashes = DASHES[place % len(DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="2"{dashed}'


def _x(hour: int) -> int:
    return LEFT + hour * WIDTH // HOURS


def _y(value: float, top: float, y: int) -> float:
    return round(y + HEIGHT * (1 - min(value / top, 1.0)), 1)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 ... that is no smaller; 1 for nothing."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(value))
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= value)
