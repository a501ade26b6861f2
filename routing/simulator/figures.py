"""What a simulated day was like, in the figures by which a hotline is measured, and how sure they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev

from routing.simulator.day import Record


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


def student(confidence: float, freedom: int) -> float:
    """The two-sided quantile of Student's t (Abramowitz and Stegun 26.7.5; to 1 in 100 from 5 degrees on)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def batches(records: Sequence[Record], number: int = 30) -> list[Sequence[Record]]:
    """A long run in pieces that are nearly independent; the first, in which it fills up, is left out."""
    size = len(records) // (number + 1)
    return [records[size * i : size * (i + 1)] for i in range(1, number + 1)]


Figure = Callable[[Iterable[Record]], float]


def waited_at_all(records: Iterable[Record]) -> float:
    """The share of callers whom nobody was ready for."""
    return _share(records, lambda record: record.waited != 0)


def within(seconds: float) -> Figure:
    """The share of callers who were answered within so many seconds; those who gave up were not."""
    return lambda records: _share(
        records, lambda one: one.answered_at is not None and one.answered_at - one.arrival.at <= seconds
    )


def abandoned(records: Iterable[Record]) -> float:
    """The share of callers who gave up."""
    return _share(records, lambda record: record.abandoned_at is not None)


def turned_away(records: Iterable[Record]) -> float:
    """The share of callers who found the queue full."""
    return _share(records, lambda record: record.turned_away)


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
