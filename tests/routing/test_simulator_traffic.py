"""The callers of a simulated day, and the same callers in every scenario."""

from dataclasses import replace
from statistics import fmean, stdev

import pytest

from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules
from routing.simulator.day import NONE, Habits
from routing.simulator.figures import mean_wait
from routing.simulator.house import EVER
from routing.simulator.scenario import Scenario
from routing.simulator.staff import staff
from routing.simulator.traffic import CITY, HOUR, Stream, Traffic, profiled

ROSTER = {
    "wang": Profile.of({"people": 1}, {"zh": 5}),
    "kim": Profile.of({"people": 1}, {"zh": 5, "ko": 5}),
}
TRAFFIC = Traffic(
    profiled(1000, {("people", "zh"): 0.9, ("people", "ko"): 0.1}),
    talk_seconds=200,
    patience=120,
    accept_seconds=4,
    missed=0.1,
)


def scenario(seats, habits=NONE, **more):
    rules = {name: Rules(name) for name in ("people", "korean")}
    return Scenario(str(seats), rules, tuple(staff(ROSTER, [seats] * 24)), habits, **more)


def test_the_same_seed_gives_the_same_day_and_another_day_is_another():
    assert TRAFFIC.day(1, 1) == TRAFFIC.day(1, 1)
    assert TRAFFIC.day(1, 1) != TRAFFIC.day(1, 2)
    assert TRAFFIC.day(1, 1) != TRAFFIC.day(2, 1)
    assert scenario(5).play(TRAFFIC.day(1, 1)) == scenario(5).play(TRAFFIC.day(1, 1))


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({"talk_seconds": 300}, {"work"}),
        ({"patience": 60}, {"patience"}),
        ({"accept_seconds": 8}, {"rings"}),
        ({"missed": 0.3}, {"missed"}),
    ],
)
def test_what_is_changed_of_the_callers_leaves_the_rest_as_it_was(change, changed):
    same = {"at", "call", "lane", "work", "patience", "rings", "missed"} - changed
    before, after = TRAFFIC.day(1, 1), replace(TRAFFIC, **change).day(1, 1)
    assert [[getattr(each, name) for name in same] for each in before] == [
        [getattr(each, name) for name in same] for each in after
    ]
    assert before != after


def test_calls_come_in_order_by_their_hours_and_mix_and_are_as_long_as_is_said():
    days = [call for number in range(40) for call in TRAFFIC.day(3, number)]
    assert len(days) / 40 == pytest.approx(1000, rel=0.02)
    nine = [call for call in days if 9 * HOUR <= call.at < 10 * HOUR]
    assert len(nine) / 40 == pytest.approx(1000 * CITY[9] / sum(CITY), rel=0.08)
    assert fmean(call.lane.language == "ko" for call in days) == pytest.approx(0.1, rel=0.08)
    assert fmean(call.work for call in days) == pytest.approx(200, rel=0.03)
    assert stdev(call.work for call in days) == pytest.approx(200, rel=0.1)
    assert fmean(call.patience for call in days) == pytest.approx(120, rel=0.03)
    assert fmean(len(call.missed) for call in days) == pytest.approx(0.1 / 0.9, rel=0.1)
    one = TRAFFIC.day(3, 1)
    assert [call.at for call in one] == sorted(call.at for call in one)
    assert len({call.call for call in one}) == len(one)


def test_nobody_comes_in_an_hour_without_calls_and_who_never_gives_up_waits_for_ever():
    noon = Traffic((Stream("people", "zh", (0.0,) * 12 + (30.0,) + (0.0,) * 11),), 60, EVER)
    day = noon.day(1, 1)
    assert day
    assert all(12 * HOUR <= call.at < 13 * HOUR and call.patience == EVER for call in day)


def test_each_scenario_has_the_very_same_callers():
    callers = TRAFFIC.day(1, 1)
    fewer, more = (scenario(seats, Habits(20, 60, 30)).play(callers) for seats in (4, 6))
    assert [record.arrival for record in fewer] == [record.arrival for record in more] == callers


@pytest.mark.parametrize("seed", range(6))
def test_with_more_seats_nobody_waits_longer_in_the_mean(seed):
    callers = TRAFFIC.day(seed, 1)
    waits = [
        mean_wait(scenario(seats, Habits(20, 60, 30)).play(callers)) for seats in (2, 3, 4, 6, 9, 14, 40)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[-1]


def test_callers_wait_where_a_scenario_sends_them_and_rank_as_its_queues_do():
    korean = {"kim": Profile.of({"korean": 1}, {"ko": 5})}
    tried = Scenario(
        "another",
        {name: Rules(name) for name in ("people", "korean")},
        tuple(staff(korean, [1] * 24)),
        NONE,
        priorities={"korean": 20},
        moved={("people", "ko"): "korean"},
    )
    lanes = {record.arrival.lane for record in tried.play(TRAFFIC.day(1, 1))}
    assert lanes == {Lane("people", "zh", 0), Lane("korean", "ko", 20)}
