"""What a simulated day was like, in the figures by which a hotline is measured, and how sure they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import atan2, cos, pi, sin, sqrt
from statistics import fmean, stdev

from routing.simulator.day import Left, Record


@dataclass(frozen=True)
class Estimate:
    """A mean, and half the width of its confidence interval."""

    mean: float
    half: float

    def holds(self, value: float) -> bool:
        """Whether the interval includes this value."""
        return abs(value - self.mean) <= self.half


def estimate(samples: Sequence[float], confidence: float = 0.95) -> Estimate:
    """The mean of independent samples, with the interval of Student's t. Of fewer than two, it is unknown."""
    if len(samples) < 2:
        return Estimate(samples[0] if samples else 0.0, float("inf"))
    half = student(confidence, len(samples) - 1) * stdev(samples) / sqrt(len(samples))
    return Estimate(fmean(samples), half)


@cache
def student(confidence: float, freedom: int) -> float:
    """The two-sided quantile of Student's t, `confidence` below 1, by halving."""
    low, high = 0.0, 1.0
    while _inside(high, freedom) < confidence:
        high *= 2
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < confidence else (low, middle)
    return high


def _inside(t: float, freedom: int) -> float:
    """The probability that Student's t is within ±t (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = atan2(t, sqrt(freedom))
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= cos(angle) ** 2 * (k - 1) / k
        total += term
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


def batches(records: Sequence[Record], number: int = 30) -> list[Sequence[Record]]:
    """A long run in pieces that are nearly independent; the first, in which it fills up, is left out."""
    size = len(records) // (number + 1)
    return [records[size * i : size * (i + 1)] for i in range(1, number + 1)]


Figure = Callable[[Iterable[Record]], float]


def waited_at_all(records: Iterable[Record]) -> float:
    """The share of callers for whom nobody could be rung at once."""
    return _share(records, lambda record: record.rung_at != record.arrival.at)


def within(seconds: float) -> Figure:
    """The share of callers who were answered within so many seconds; those who gave up were not."""
    return lambda records: _share(
        records, lambda one: one.answered_at is not None and one.answered_at - one.arrival.at <= seconds
    )


def abandoned(records: Iterable[Record]) -> float:
    """The share of callers who gave up."""
    return left("gave-up")(records)


def turned_away(records: Iterable[Record]) -> float:
    """The share of callers who found the queue full."""
    return left("full")(records)


def left(why: Left) -> Figure:
    """The share of callers who left the line for this reason, or were not let into it."""
    return lambda records: _share(records, lambda record: record.left == why)


def called_back(records: Iterable[Record]) -> float:
    """The share of callers who were reached at a call-back."""
    return _share(records, lambda record: record.reached_at is not None)


def not_reached(records: Iterable[Record]) -> float:
    """The share of callers whom the hotline tried to call back as often as it does, all in vain."""
    return _share(records, lambda record: record.not_reached)


def left_for_tomorrow(records: Iterable[Record]) -> float:
    """The share of callers who are still to be called back when the day is over."""
    return _share(records, lambda one: one.call_back and one.reached_at is None and not one.not_reached)


def until_called_back(records: Iterable[Record]) -> float:
    """Seconds from leaving the line to the talk, of those who were reached at a call-back; 0 where there are
    none."""
    waits = [one.reached_at - (one.left_at or 0.0) for one in records if one.reached_at is not None]
    return fmean(waits) if waits else 0.0


def mean_wait(records: Iterable[Record]) -> float:
    """Seconds waited by those who were answered or gave up; 0 where there are none."""
    waits = [record.waited for record in records if record.waited is not None]
    return fmean(waits) if waits else 0.0


def mean_speed_of_answer(records: Iterable[Record]) -> float:
    """Seconds waited by those who were answered; 0 where there are none."""
    waits = [one.answered_at - one.arrival.at for one in records if one.answered_at is not None]
    return fmean(waits) if waits else 0.0


def _share(records: Iterable[Record], what: Callable[[Record], bool]) -> float:
    flags = [what(record) for record in records]
    return sum(flags) / len(flags) if flags else 0.0
