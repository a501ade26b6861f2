"""The simulator, which runs the policy of the telephone, against what is known about queues.

The figures are those of textbooks (Erlang B, C and A), not computed by this project. Each must be within the
99 % confidence interval of a seeded run, and that interval must be narrow enough to mean something.
"""

from random import Random

import pytest

from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules
from routing.simulator.day import Arrival, Day, Record, Worker
from routing.simulator.figures import (
    Figure,
    abandoned,
    batches,
    estimate,
    mean_speed_of_answer,
    mean_wait,
    turned_away,
    waited_at_all,
    within,
)
from routing.simulator.house import EVER

LANE = Lane("people", "zh")
EVERYBODY = Profile.of({"people": 1}, {"zh": 5})


def played(
    each_second: float,
    work: float,
    workers: int | list[Worker],
    calls: int = 100_000,
    patience: float = EVER,
    strategy: str = "longest-idle",
    limit: int | None = None,
) -> list[Record]:
    chance, now, arrivals = Random(20260302), 0.0, []  # noqa: S311  # nothing secret
    for number in range(calls):
        now += chance.expovariate(each_second)
        gives_up = chance.expovariate(1 / patience) if patience < EVER else EVER
        arrivals.append(Arrival(now, str(number), LANE, chance.expovariate(1 / work), gives_up))
    if isinstance(workers, int):
        workers = [Worker(f"a{i}", EVERYBODY) for i in range(workers)]
    return Day({"people": Rules("people", strategy, limit=limit)}, workers).play(arrivals)


def agrees(records: list[Record], figure: Figure, expected: float, within_share: float) -> None:
    found = estimate([figure(batch) for batch in batches(records)], confidence=0.99)
    assert found.holds(expected), f"{found.mean:.5f} ± {found.half:.5f}, not {expected}"
    assert found.half < within_share * expected


@pytest.mark.parametrize(("erlang", "servers", "blocked"), [(20, 10, 0.5379631686), (200, 190, 0.0886968439)])
def test_erlang_b(erlang: float, servers: int, blocked: float) -> None:
    agrees(played(erlang, 1, servers, limit=0), turned_away, blocked, 0.12)


def test_erlang_c() -> None:
    agrees(played(123, 1, 132, calls=200_000), waited_at_all, 0.3211161793, 0.25)


def test_erlang_c_of_a_small_team() -> None:
    records = played(200 / 3600, 180, 14)
    agrees(records, waited_at_all, 0.174, 0.1)
    agrees(records, mean_speed_of_answer, 7.84, 0.2)
    agrees(records, within(20), 0.888, 0.03)


def test_erlang_c_of_forty_seats() -> None:
    records = played(540 / 3600, 240, 40, calls=200_000)
    agrees(records, waited_at_all, 0.4116, 0.25)
    agrees(records, mean_speed_of_answer, 24.7, 0.5)
    agrees(records, within(20), 0.705, 0.1)


def test_erlang_a() -> None:
    records = played(48 / 60, 60, 50, patience=120)
    agrees(records, abandoned, 0.0309, 0.25)
    agrees(records, mean_wait, 3.71, 0.25)


def test_erlang_a_of_forty_seats() -> None:
    records = played(540 / 3600, 240, 40, patience=180)
    agrees(records, abandoned, 0.029, 0.25)
    agrees(records, within(20), 0.876, 0.1)


def test_fast_and_slow_agents() -> None:
    """Either figure is less sure than the two are apart; with the same callers the difference is sure."""
    fast = [Worker(f"fast{i}", EVERYBODY, pace=1.25, talk_seconds=0.8) for i in range(20)]
    slow = [Worker(f"slow{i}", EVERYBODY, pace=0.75, talk_seconds=1 / 0.75) for i in range(20)]
    waited = {}
    for strategy, waits in (("fastest-first", 0.37951), ("longest-idle", 0.42236)):
        records = played(36, 1, fast + slow, strategy=strategy)
        agrees(records, waited_at_all, waits, 0.25)
        waited[strategy] = [waited_at_all(batch) for batch in batches(records)]
    pairs = zip(waited["longest-idle"], waited["fastest-first"], strict=True)
    apart = estimate([idle - first for idle, first in pairs], confidence=0.99)
    assert apart.holds(0.42236 - 0.37951)
    assert apart.half < 0.01
