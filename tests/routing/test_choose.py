"""Who is next, and for whom: against a slow search through everybody, and case by case."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some

from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import choose, free
from routing.policy.skills import Lane, Profile
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules, Step
from routing.policy.urgency import urgency, waited

QUEUES = ("people", "passports")
LANGUAGES = ("zh", "en", "ko")
RULES = {
    "people": Rules("people", "longest-idle", steps=(Step(15, also=("passports",)),)),
    "passports": Rules(
        "passports", "fewest-calls", language=3, topics={"passport": 2}, steps=(Step(20, language=1),)
    ),
}

lanes = some.builds(Lane, some.sampled_from(QUEUES), some.sampled_from(LANGUAGES), some.sampled_from([0, 10]))
profiles = some.builds(
    Profile.of,
    some.dictionaries(some.sampled_from(QUEUES), some.sampled_from([0.5, 1.0]), min_size=1),
    some.dictionaries(some.sampled_from([*LANGUAGES, "passport"]), some.integers(1, 5), min_size=1),
)
callers = some.lists(some.tuples(lanes, some.integers(0, 60)), max_size=12)
people = some.lists(some.tuples(profiles, some.integers(0, 60), some.integers(0, 3)), max_size=8)


def slowly(
    waiting: Mapping[str, tuple[Lane, float]], ready: list[Candidate], now: float
) -> tuple[str, str] | None:
    """Look at every caller with every agent."""
    pairs = []
    for call, (lane, since) in waiting.items():
        rules = RULES[lane.queue]
        for one in ready:
            reach = rules.reach(lane, one.profile)
            if reach is not None and since + reach.after <= now:
                share = rules.share(one.profile)
                pairs.append((-urgency(lane.priority, now - since, share), since, call, one, reach))
    if not pairs:
        return None
    call = min(pair[:3] for pair in pairs)[2]
    lane = waiting[call][0]
    rules = RULES[lane.queue]
    key = STRATEGIES[rules.strategy].key
    mine = [
        (reach.step, reach.missing, *key(one, lane, rules), one.name)
        for *_, c, one, reach in pairs
        if c == call
    ]
    return call, str(min(mine)[-1])


@given(callers, people)
def test_the_first_of_each_lane_and_profile_are_enough(
    waiting: list[tuple[Lane, int]], ready: list[tuple[Profile, int, int]]
) -> None:
    now = 60.0
    floor = Memory(one.by for one in STRATEGIES.values())
    calls = {f"CA{i:02}": (lane, float(since)) for i, (lane, since) in enumerate(waiting)}
    agents = [Candidate(f"a{i}", p, float(since), calls=n) for i, (p, since, n) in enumerate(ready)]
    for call, (lane, since) in calls.items():
        floor.wait(call, lane, since)
    for one in agents:
        floor.ready(one)
    while True:
        expected, choice = slowly(calls, agents, now), choose(floor, RULES, now)
        assert (choice and (choice.head.call, choice.agents[0].name)) == expected
        if choice is None:
            break
        floor.leave(choice.head.call)
        floor.busy(choice.agents[0].name)
        del calls[choice.head.call]
        agents = [one for one in agents if one.name != choice.agents[0].name]


@given(callers, people, some.integers(0, 3))
def test_of_equals_who_came_first_is_served_first(
    waiting: list[tuple[Lane, int]], ready: list[tuple[Profile, int, int]], later: int
) -> None:
    """Whoever is served, nobody in the same lane has waited longer."""
    floor = Memory(one.by for one in STRATEGIES.values())
    calls = {f"CA{i:02}": (lane, float(since)) for i, (lane, since) in enumerate(waiting)}
    for call, (lane, since) in calls.items():
        floor.wait(call, lane, since)
    for i, (profile, since, n) in enumerate(ready):
        floor.ready(Candidate(f"a{i}", profile, float(since), calls=n))
    choice = choose(floor, RULES, 60.0 + later)
    if choice is not None:
        lane, since = calls[choice.head.call]
        assert since == min(other for other_lane, other in calls.values() if other_lane == lane)


@pytest.mark.parametrize(
    ("priority", "seconds", "share", "cost"),
    [(0, 10, 1, 10), (0, 10, 0.5, 5), (10, 10, 1, 40), (100, 0, 1, 1100), (20, -5, 1, 60)],
)
def test_what_a_further_second_costs(priority: int, seconds: float, share: float, cost: float) -> None:
    """Who came in the future, by a clock that goes before, has not waited yet."""
    assert urgency(priority, seconds, share) == cost
    if share == 1 and seconds >= 0:
        assert waited(priority, cost) == pytest.approx(seconds)


def test_nobody_starves_behind_a_queue_of_higher_priority() -> None:
    """One agent; somebody urgent calls every second, each call takes a second."""
    rules = {"people": Rules("people"), "urgent": Rules("urgent")}
    everybody = Profile.of({"people": 1, "urgent": 1}, {"zh": 5})
    floor = Memory()
    floor.wait("patient", Lane("people", "zh"), since=0)
    for now in range(10_000):
        floor.wait(f"urgent-{now}", Lane("urgent", "zh", priority=100), since=now)
        floor.ready(Candidate("wang", everybody, now))
        choice = choose(floor, rules, now)
        assert choice is not None
        if choice.head.call == "patient":
            assert now == pytest.approx(11 * 100, abs=2)  # as the formula says: w / 11 - 100 < 0
            return
        floor.leave(choice.head.call)
    pytest.fail("still waiting after 10,000 calls")


def test_shares_decide_between_queues_and_starve_none() -> None:
    """Both queues are always full: an agent with three quarters for one serves it three times as often."""
    rules = {"people": Rules("people"), "passports": Rules("passports")}
    mixed = Profile.of({"people": 1.0, "passports": 1 / 3}, {"zh": 5})
    floor = Memory()
    served = {"people": 0, "passports": 0}
    for now in range(4000):
        for queue in served:
            floor.wait(f"{queue}-{now}", Lane(queue, "zh"), since=now)
        floor.ready(Candidate("wang", mixed, now))
        choice = choose(floor, rules, now)
        assert choice is not None
        floor.leave(choice.head.call)
        served[choice.head.lane.queue] += 1
    assert served["passports"] >= 1000
    assert served["people"] > served["passports"]


def test_a_queue_that_an_agent_only_helps_out_in_has_the_share_of_one_of_their_own() -> None:
    rules = {"people": Rules("people"), "passports": Rules("passports", steps=(Step(15, also=("people",)),))}
    floor = Memory()
    floor.ready(Candidate("wang", Profile.of({"people": 1.0, "night": 0.5}, {"zh": 5}), ready_since=0))
    floor.wait("CA", Lane("people", "zh"), since=80)
    floor.wait("CB", Lane("passports", "zh"), since=70)
    choice = choose(floor, rules, now=100)
    assert choice is not None
    assert {head.call: cost for head, cost in choice.heads} == {"CA": 20, "CB": 30}


def test_a_caller_kept_for_an_agent_waits_for_nobody_else_but_only_so_long() -> None:
    rules = {"people": Rules("people", "sticky", keep_seconds=20)}
    one = Profile.of({"people": 1}, {"zh": 5})
    floor = Memory()
    floor.ready(Candidate("wang", one, ready_since=0))
    floor.wait("CA1", Lane("people", "zh", wants="li"), since=10)
    floor.wait("CA2", Lane("people", "zh"), since=11)
    choice = choose(floor, rules, now=12)
    assert choice is not None
    assert choice.head.call == "CA2"  # who stands behind is not kept back

    floor.leave("CA2")
    assert choose(floor, rules, now=29.9) is None
    floor.ready(Candidate("li", one, ready_since=29))
    kept = choose(floor, rules, now=29.9)
    assert kept is not None
    assert kept.agents[0].name == "li"
    assert {one.name for one in kept.ready} == {"li", "wang"}  # between whom it was decided

    floor.busy("li")
    after = choose(floor, rules, now=30)
    assert after is not None
    assert after.agents[0].name == "wang"


def test_whoever_the_caller_is_kept_for_must_be_able_to_serve() -> None:
    """Who had this caller last may have left the queue, or lack the language of today."""
    rules = {"people": Rules("people", "sticky", keep_seconds=20)}
    floor = Memory()
    floor.ready(Candidate("li", Profile.of({"people": 1}, {"zh": 5}), ready_since=0))
    floor.ready(Candidate("kim", Profile.of({"people": 1}, {"ko": 5}), ready_since=1))
    floor.wait("CA", Lane("people", "ko", wants="li"), since=10)
    assert choose(floor, rules, now=29.9) is None
    after = choose(floor, rules, now=30)
    assert after is not None
    assert after.agents[0].name == "kim"


def test_of_two_as_urgent_who_came_first_is_served_first() -> None:
    rules = {"people": Rules("people"), "urgent": Rules("urgent")}
    floor = Memory()
    floor.ready(Candidate("wang", Profile.of({"people": 1, "urgent": 1}, {"zh": 5}), ready_since=0))
    floor.wait("CB", Lane("people", "zh"), since=60)
    floor.wait("CA", Lane("urgent", "zh", priority=10), since=90)
    choice = choose(floor, rules, now=100)
    assert choice is not None
    assert [cost for _, cost in choice.heads] == [40, 40]
    assert choice.head.call == "CB"


def test_the_urgency_of_who_is_kept_goes_by_the_share_of_whom_they_are_kept_for() -> None:
    rules = {"people": Rules("people"), "passports": Rules("passports", "sticky", keep_seconds=60)}
    floor = Memory()
    li = Candidate("li", Profile.of({"people": 1.0, "passports": 0.25}, {"zh": 5}), ready_since=0)
    floor.ready(li)
    floor.wait("CA", Lane("passports", "zh", wants="li"), since=80)
    floor.wait("CB", Lane("people", "zh"), since=90)
    choice = choose(floor, rules, now=100)
    assert choice is not None
    assert {head.call: cost for head, cost in choice.heads} == {"CA": 5, "CB": 10}


def test_ring_all_rings_nobody_before_their_step() -> None:
    rules = {"people": Rules("people", "ring-all", steps=(Step(15, also=("passports",)),))}
    floor = Memory()
    floor.ready(Candidate("wang", Profile.of({"people": 1}, {"zh": 5}), ready_since=9))
    floor.ready(Candidate("li", Profile.of({"passports": 1}, {"zh": 5}), ready_since=0))
    floor.wait("CA", Lane("people", "zh"), since=100)
    for now, rung in ((114.9, ["wang"]), (115, ["wang", "li"])):
        choice = choose(floor, rules, now)
        assert choice is not None
        assert [one.name for one in choice.agents] == rung


def test_an_agent_who_comes_back_with_the_same_figures_is_there_once() -> None:
    """A call of no length, or an offer that is withdrawn in the second in which it was made."""
    floor = Memory()
    wang = Candidate("wang", Profile.of({"people": 1}, {"zh": 5}), ready_since=7)
    floor.ready(wang)
    floor.ready(Candidate("li", wang.profile, ready_since=9))
    floor.busy("wang")
    floor.ready(Candidate("wang", wang.profile, ready_since=7))
    assert floor.firsts("ready_since")[wang.profile].name == "wang"
    floor.busy("wang")
    assert floor.firsts("ready_since")[wang.profile].name == "li"


@pytest.mark.parametrize(
    ("waits", "comes", "at_once"),
    [
        (None, Lane("people", "zh"), True),
        (None, Lane("people", "ko"), False),  # nobody ready speaks it
        (None, Lane("passports", "zh"), False),  # wang is let in after 15 seconds only
        (Lane("people", "ko"), Lane("people", "zh"), True),  # who waits for others is in nobody's way
        (Lane("passports", "zh"), Lane("people", "zh"), True),
        (Lane("people", "zh"), Lane("people", "zh"), False),
        (Lane("people", "zh", priority=10), Lane("people", "zh"), False),
    ],
)
def test_who_comes_is_served_at_once_where_somebody_may_and_nobody_like_them_waits(
    waits: Lane | None, comes: Lane, at_once: bool
) -> None:
    rules = {
        "people": Rules("people"),
        "passports": Rules("passports", steps=(Step(15, also=("people",)),)),
    }
    floor = Memory()
    floor.ready(Candidate("wang", Profile.of({"people": 1}, {"zh": 5}), ready_since=0))
    if waits:
        floor.wait("CA", waits, since=90)
    assert free(floor, rules, comes, now=100) is at_once
