"""The wait that is said, against chance itself and against the ways others estimate it."""

from collections.abc import Callable
from math import sqrt
from random import Random
from statistics import fmean, quantiles

import pytest

from routing.policy.estimate import Wait, wait
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules
from routing.simulator.day import Arrival, Day, Record, Worker

LANE = Lane("people", "zh")
EVERYBODY = Profile.of({"people": 1}, {"zh": 5})
TALK, PATIENCE, AGENTS = 240.0, 600.0, 40


@pytest.mark.parametrize("ahead", [0, 1, 5, 30])
@pytest.mark.parametrize("patience", [120, 600, float("inf")])
def test_mean_and_quantiles_are_those_of_the_sum_of_exponential_times(ahead: int, patience: float) -> None:
    chance = Random(1)  # noqa: S311  # nothing secret
    rates = [10 / TALK + i / patience for i in range(ahead + 1)]
    sums = [sum(chance.expovariate(rate) for rate in rates) for _ in range(20_000)]
    said = wait(ahead, 10, TALK, patience)
    assert said is not None
    deciles = quantiles(sums, n=10)
    assert said.mean == pytest.approx(fmean(sums), rel=0.03)
    assert said.p50 == pytest.approx(deciles[4], rel=0.04)
    assert said.p90 == pytest.approx(deciles[8], rel=0.04)


@pytest.mark.parametrize("ahead", [99, 100, 101, 5_000.25, 40_000])
@pytest.mark.parametrize("patience", [30, 600, 1e12, float("inf")])
def test_a_long_line_is_reckoned_at_once_and_as_if_one_by_one(ahead: float, patience: float) -> None:
    rates = [10 / TALK + max(ahead - i, 0) / patience for i in range(int(ahead) + 1)]
    rest = ahead % 1
    said = wait(ahead, 10, TALK, patience)
    assert said is not None
    assert said.mean == pytest.approx(sum(1 / rate for rate in rates) + rest * TALK / 10, rel=1e-4)
    assert said.variance == pytest.approx(
        sum(1 / rate**2 for rate in rates) + rest * (TALK / 10) ** 2, rel=1e-3
    )


def test_nobody_at_work_is_no_number() -> None:
    assert wait(3, 0, TALK) is None


def test_the_longer_one_has_waited_the_shorter_is_what_is_left() -> None:
    """Nothing in it grows with the time already waited: only with who stands before."""
    left = [wait(ahead, 12, TALK, PATIENCE) for ahead in (9, 6.5, 6, 3, 0)]
    means = [each.mean for each in left if each]
    assert means == sorted(means, reverse=True)
    assert len(means) == 5


Trace = Callable[[float], float]  # callers a second, at a second


def trace(rate: Trace, seconds: float, seed: int) -> list[Arrival]:
    chance, now, arrivals = Random(seed), 0.0, []  # noqa: S311  # nothing secret
    while now < seconds:
        now += chance.expovariate(rate(now))
        work, patience = chance.expovariate(1 / TALK), chance.expovariate(1 / PATIENCE)
        arrivals.append(Arrival(now, str(len(arrivals)), LANE, work, patience))
    return arrivals


class Predictors:
    """What each way to estimate says at the moment a caller comes who has to wait."""

    def __init__(self) -> None:
        self.said: dict[str, dict[str, float]] = {}
        self.ranges: dict[str, Wait] = {}

    def listen(self, day: Day, record: Record) -> None:
        served = list(day.latest)
        if record.answered_at is not None or not served:
            return
        ours = wait(record.waiting_then, AGENTS, TALK, PATIENCE)
        assert ours is not None
        first = next(iter(day.floor.heads()))
        waits = [float(one.answered_at or 0) - one.arrival.at for one in served]
        self.ranges[record.arrival.call] = ours
        self.said[record.arrival.call] = {
            "agents and queue": ours.mean,
            "moving average": fmean(waits[-50:]),
            "last to enter service": waits[-1],
            "head of the line": day.now - first.since if record.waiting_then else 0.0,
        }


def errors(records: list[Record], said: dict[str, dict[str, float]]) -> dict[str, float]:
    """The root mean squared error of each, over those who waited and were answered."""
    squares: dict[str, list[float]] = {}
    for record in records:
        for name, seconds in said.get(record.arrival.call, {}).items():
            if record.answered_at is not None:
                squares.setdefault(name, []).append((seconds - (record.waited or 0)) ** 2)
    return {name: sqrt(fmean(each)) for name, each in squares.items()}


def surge(now: float) -> float:
    """Three quiet hours, one with half as many again as can be served, and two quiet ones."""
    return 0.24 if 3 * 3600 <= now < 4 * 3600 else 0.14


@pytest.mark.parametrize(
    ("name", "rate", "hours"), [("stationary", lambda _now: 0.168, 60), ("surge", surge, 6)]
)
def test_it_errs_less_than_the_others(
    name: str, rate: Trace, hours: int, capsys: pytest.CaptureFixture[str]
) -> None:
    total: dict[str, list[float]] = {}
    inside = []
    for seed in range(1 if hours > 10 else 10):
        predictors = Predictors()
        workers = [Worker(f"a{i}", EVERYBODY) for i in range(AGENTS)]
        day = Day({"people": Rules("people")}, workers, on_arrival=predictors.listen)
        records = day.play(trace(rate, hours * 3600, seed))
        for predictor, error in errors(records, predictors.said).items():
            total.setdefault(predictor, []).append(error)
        inside += [
            record.waited <= predictors.ranges[record.arrival.call].p90
            for record in records
            if record.waited is not None and record.answered_at and record.arrival.call in predictors.ranges
        ]
    mean = {predictor: fmean(each) for predictor, each in total.items()}
    with capsys.disabled():
        print(f"\n{name}: root mean squared error of the estimated wait, in seconds")
        for predictor, error in sorted(mean.items(), key=lambda item: item[1]):
            print(f"  {predictor:<22} {error:6.1f}")
        print(f"  within the p90 that was said: {sum(inside) / len(inside):.1%} of {len(inside)}")
    ours = mean.pop("agents and queue")
    assert all(ours < error for error in mean.values())
    assert 0.85 <= sum(inside) / len(inside) <= 0.95
