"""What is learnt from recorded calls, against what they were made from."""

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean

import pytest

from routing.policy.skills import Profile
from routing.policy.timeline import Rules
from routing.simulator.day import Habits
from routing.simulator.fit import TooFew, fit, paces
from routing.simulator.past import Past
from routing.simulator.scenario import Scenario
from routing.simulator.staff import staff
from routing.simulator.traffic import Traffic, profiled

MIX = {("people", "zh"): 0.9, ("people", "ko"): 0.1}
TRUE = Traffic(profiled(600, MIX), 240, 180, accept_seconds=4, missed=0.1)
ROSTER = {"kim": Profile.of({"people": 1}, {"zh": 5, "ko": 5})}
FIRST = datetime(2026, 3, 2, tzinfo=UTC)


def lived(seed, days, seats=3):
    """Calls of days that were as TRUE says, on few seats."""
    hotline = Scenario("", {"people": Rules("people")}, tuple(staff(ROSTER, [seats] * 24)), Habits())
    for number in range(days):
        for record in hotline.play(TRUE.day(seed, number)):
            call = record.arrival
            answered = record.answered_at is not None
            yield Past(
                call.call,
                call.lane.queue,
                call.lane.language,
                0,
                FIRST + timedelta(days=number, seconds=call.at),
                record.waited,
                call.work if answered else None,
                call.rings if answered else 0.0,
                call.missed[: record.offers],
                frozenset(),
                left=None if answered else "gave-up",
            )


def test_it_finds_what_the_calls_were_made_from_within_its_confidence():
    """Of 95 % confidence intervals about 95 of 100 hold the truth: here 19 of 20, and never fewer than 16."""
    held = {"a_day": [], "talk": [], "patience": [], "missed": []}
    for seed in range(20):
        found = fit(lived(seed, 3), 3)
        held["a_day"].append(found.a_day.holds(600))
        held["talk"].append(found.talk.holds(240))
        held["patience"].append(found.patience.holds(180))
        held["missed"].append(found.missed.holds(0.1))
        assert found.accept.mean == pytest.approx(4)
        assert found.patience.half < 0.25 * 180
    assert {name: sum(each) >= 16 for name, each in held.items()} == dict.fromkeys(held, True)


def test_patience_is_not_that_of_those_who_gave_up():
    """Who gave up is who was impatient: their mean wait says far too little."""
    calls = list(lived(1, 5))
    naive = fmean(call.waited for call in calls if call.talk is None)
    assert naive < 0.7 * 180
    assert fit(calls, 5).patience.holds(180)


def test_the_mix_and_the_hours_are_those_of_the_calls():
    found = fit(lived(2, 20), 20).traffic
    assert [(stream.queue, stream.language) for stream in found.streams] == [
        ("people", "ko"),
        ("people", "zh"),
    ]
    assert sum(found.streams[0].hourly) / found.calls == pytest.approx(0.1, rel=0.1)
    for hour, calls in enumerate(found.hourly):
        assert calls == pytest.approx(TRUE.hourly[hour], abs=4 * (TRUE.hourly[hour] / 20) ** 0.5)


def test_days_without_a_call_count():
    assert fit(lived(2, 1), 10).traffic.calls == pytest.approx(60, rel=0.2)


def test_too_few_talks_are_said_so_and_hardly_anybody_who_left_is_no_patience():
    calls = list(lived(2, 1, seats=40))
    with pytest.raises(TooFew, match="only 4 of 4 calls were answered"):
        fit([call for call in calls if call.talk is not None][:4], 1)
    assert fit([call for call in calls if call.talk is not None], 1).patience is None


def talked(agent, seconds):
    return Past("c", "people", "zh", 0, FIRST, 1, seconds, 1, (), frozenset({agent}), agent)


def test_how_fast_agents_are_is_learnt_from_their_own_talks():
    chance = Random(3)  # noqa: S311  # nothing secret
    true = {"slow": 0.8, "usual": 1.0, "fast": 1.25}
    calls = [
        talked(agent, chance.lognormvariate(5, 0.8) / pace)
        for agent, pace in true.items()
        for _ in range(600)
    ]
    found = paces(calls)
    middle = found["usual"]
    assert {agent: pace / middle for agent, pace in found.items()} == pytest.approx(true, rel=0.1)


def test_few_talks_say_little_of_an_agent():
    chance = Random(4)  # noqa: S311  # nothing secret
    calls = [talked("usual", chance.lognormvariate(5, 0.8)) for _ in range(300)]
    calls += [talked("slow", 2 * chance.lognormvariate(5, 0.8)) for _ in range(300)]
    calls += [talked("new", 10.0) for _ in range(2)]
    found = paces(calls)
    assert found["usual"] / found["slow"] > 1.7
    assert 0.9 < found["new"] < found["usual"] * 1.2


def test_agents_whom_chance_alone_tells_apart_are_equally_fast():
    assert paces([talked(agent, seconds) for agent in ("a", "b") for seconds in (100, 200, 300)]) == {}
    assert paces([talked("a", 100.0)] * 9) == {}
