"""An agent and an interpreter together: who may, who goes first, and that nobody is taken needlessly."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from calls import book
from routing.memory import Memory
from routing.outlook import outlook
from routing.policy.candidate import Candidate
from routing.policy.estimate import wait
from routing.policy.match import Choice, choose, due
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules, Step
from routing.simulator.day import NONE, Arrival, Day, Habits, Worker
from routing.simulator.house import EVER
from store.engine import Store

KOREAN = Lane("people", "ko")
RESCUE = Rules(
    "people",
    language=3,
    topics={"passport": 2},
    steps=(Step(0, interpreter=True), Step(20, topics={"passport": 1})),
)
AGENT = Profile.of({"people": 1}, {"zh": 5, "passport": 2})
INTERPRETER = Profile.of({}, {"zh": 2, "ko": 3}, interprets=True)


NOBODY: Mapping[str, float] = {}


def decided(
    rules: Rules, people: Mapping[str, Profile], now: float = 0.0, idle: Mapping[str, float] = NOBODY
) -> Choice | None:
    """Who serves a Korean caller who came at 0."""
    floor = Memory([])
    floor.wait("CA", KOREAN, 0.0)
    for name, profile in people.items():
        floor.ready(Candidate(name, profile, -idle.get(name, 0.0)))
    return choose(floor, {"people": rules}, now)


def named(choice: Choice | None) -> list[str]:
    return [one.name for one in choice.everybody] if choice else []


@pytest.mark.parametrize(
    ("agent", "interpreter", "together"),
    [
        (AGENT, INTERPRETER, True),
        (AGENT, Profile.of({}, {"zh": 5, "ko": 5}), False),  # nobody's interpreter
        (AGENT, Profile.of({}, {"zh": 5, "ko": 2}, interprets=True), False),  # too little Korean
        (AGENT, Profile.of({}, {"ru": 5, "ko": 5}, interprets=True), False),  # no language between them
        (AGENT, Profile.of({}, {"passport": 5, "ko": 5}, interprets=True), False),  # a topic is no language
        (
            Profile.of({"people": 1}, {"ko": 2, "passport": 2}),
            INTERPRETER,
            False,
        ),  # Korean alone between them
        (Profile.of({"people": 1}, {"zh": 5, "passport": 1}), INTERPRETER, False),  # knows too little
        (Profile.of({"night": 1}, {"zh": 5, "passport": 2}), INTERPRETER, False),  # serves another queue
        (AGENT, Profile.of({"people": 1}, {"zh": 5, "ko": 5}, interprets=True), True),  # knows no passports
    ],
)
def test_who_may_serve_together(agent: Profile, interpreter: Profile, together: bool) -> None:
    choice = decided(RESCUE, {"wang": agent, "kim": interpreter})
    assert named(choice) == (["wang", "kim"] if together else [])


def test_steps_let_more_agents_in_for_pairs_too() -> None:
    people = {"wang": Profile.of({"people": 1}, {"zh": 5, "passport": 1}), "kim": INTERPRETER}
    floor = Memory([])
    floor.wait("CA", KOREAN, 0.0)
    for name, profile in people.items():
        floor.ready(Candidate(name, profile, 0.0))
    assert due(floor, {"people": RESCUE}, 5.0) == 20.0
    later = decided(RESCUE, people, now=20.0)
    assert later is not None
    assert (named(later), later.step) == (["wang", "kim"], 2)


def test_without_the_step_nobody_is_taken_together() -> None:
    rules = Rules("people", language=3, topics={"passport": 2}, steps=(Step(60, also=("night",)),))
    assert decided(rules, {"wang": AGENT, "kim": INTERPRETER}, now=100.0) is None


def test_who_speaks_the_language_serves_alone() -> None:
    speaker = Profile.of({"people": 1}, {"ko": 3, "passport": 2})
    idle = {"wang": 100.0, "kim": 100.0}
    assert named(decided(RESCUE, {"wang": AGENT, "kim": INTERPRETER, "pak": speaker}, idle=idle)) == ["pak"]


def test_the_strategy_names_the_agent_and_the_interpreter_is_missed_least_elsewhere() -> None:
    people = {
        "wang": AGENT,
        "li": AGENT,
        "serves": Profile.of({"night": 1}, {"zh": 5, "ko": 5}, 0.1, interprets=True),
        "rare": Profile.of({}, {"zh": 5, "ko": 5, "ru": 5}, 2.0, interprets=True),
        "fresh": Profile.of({}, {"zh": 5, "ko": 5}, 0.5, interprets=True),
        "rested": Profile.of({}, {"zh": 5, "ko": 4}, 0.5, interprets=True),
    }
    idle = {"li": 50.0, "wang": 40.0, "rested": 9.0, "fresh": 8.0, "rare": 90.0, "serves": 90.0}
    order = []
    while choice := decided(RESCUE, people, idle=idle):
        agent, interpreter = named(choice)
        order.append(interpreter)
        assert agent == "li"
        del people[interpreter]
    assert order == ["rested", "fresh", "rare", "serves"]


def test_an_agent_whom_no_interpreter_understands_is_passed_over() -> None:
    russian = Profile.of({"people": 1}, {"ru": 5, "passport": 2})
    people = {"sun": russian, "wang": AGENT, "kim": INTERPRETER}
    assert named(decided(RESCUE, people, idle={"sun": 99.0})) == ["wang", "kim"]


def test_the_interpreter_is_one_whom_the_agent_understands() -> None:
    """Another would be missed less elsewhere, and has been ready longer."""
    russian = Profile.of({"people": 1}, {"ru": 5, "passport": 2})
    other = Profile.of({}, {"ru": 5, "ko": 5}, 0.0, interprets=True)
    kim = Profile.of({}, {"zh": 5, "ko": 5}, 1.0, interprets=True)
    people = {"wang": AGENT, "sun": russian, "an": other, "kim": kim}
    assert named(decided(RESCUE, people, idle={"wang": 99.0, "an": 50.0})) == ["wang", "kim"]


def test_an_interpreter_of_the_level_that_was_asked_for_first_goes_before_one_let_in_later() -> None:
    rules = Rules("people", language=4, steps=(Step(0, interpreter=True), Step(20, language=2)))
    weak = Profile.of({}, {"zh": 5, "ko": 2}, 0.0, interprets=True)
    strong = Profile.of({"night": 1}, {"zh": 5, "ko": 5}, 1.0, interprets=True)
    people = {"wang": Profile.of({"people": 1}, {"zh": 5}), "weak": weak, "strong": strong}
    assert named(decided(rules, people, 20.0, idle={"weak": 50.0})) == ["wang", "strong"]


def test_an_interpreter_whom_no_strategy_looked_at_is_among_whom_it_was_decided_between() -> None:
    """Else the receipt could not be decided again."""
    floor = Memory(["calls"])
    floor.wait("CA", KOREAN, 0.0)
    floor.ready(Candidate("wang", AGENT, 0.0))
    floor.ready(Candidate("rested", INTERPRETER, -50.0, calls=9))
    floor.ready(Candidate("fresh", INTERPRETER, 0.0, calls=0))
    rules = Rules("people", "fewest-calls", steps=(Step(0, interpreter=True),))
    choice = choose(floor, {"people": rules}, 0.0)
    assert named(choice) == ["wang", "rested"]
    assert choice is not None
    assert {one.name for one in choice.ready} == {"wang", "rested", "fresh"}


def test_the_agent_of_a_pair_is_chosen_as_one_alone_would_be() -> None:
    """By the step that lets the agent in, by what is preferred, by the queue's strategy."""
    steps = (Step(0, interpreter=True), Step(10, also=("night",)))
    rules = Rules("people", "specialists-last", preferred=("law",), steps=steps)
    lawyer = {"zh": 5, "law": 3}
    people = {
        "later": Profile.of({"night": 1}, lawyer, 0.0),
        "plain": Profile.of({"people": 1}, {"zh": 5}, 0.0),
        "rare": Profile.of({"people": 1}, {**lawyer, "tax": 1}, 2.0),
        "common": Profile.of({"people": 1}, lawyer, 1.0),
        "kim": INTERPRETER,
    }
    idle, order = {"later": 40.0, "plain": 30.0, "rare": 20.0, "common": 10.0}, []
    while choice := decided(rules, people, 20.0, idle):
        order.append(choice.agents[0].name)
        del people[order[-1]]
    assert order == ["common", "rare", "plain", "later"]


def test_the_urgency_goes_by_the_agents_share_and_a_pair_counts_where_nobody_can_alone() -> None:
    rules = Rules("people", steps=(Step(0, interpreter=True),))
    little, much = Profile.of({"people": 0.25}, {"zh": 5}), Profile.of({"people": 1}, {"zh": 5})
    alone = Profile.of({"people": 0.25}, {"ko": 5})
    for people in ({"wang": little, "kim": INTERPRETER}, {"pak": alone, "li": much, "kim": INTERPRETER}):
        choice = decided(rules, people, now=20.0)
        assert choice is not None
        assert [cost for _, cost in choice.heads] == [5]


def test_with_ring_all_one_agent_and_one_interpreter_are_rung() -> None:
    rules = Rules("people", "ring-all", steps=(Step(0, interpreter=True),))
    people = {"wang": AGENT, "li": AGENT, "kim": INTERPRETER}
    assert named(decided(rules, people, idle={"li": 9.0})) == ["li", "kim"]


profiles = some.builds(
    Profile.of,
    some.dictionaries(some.sampled_from(["people", "night"]), some.just(1.0)),
    some.dictionaries(some.sampled_from(["zh", "ko", "ru", "passport"]), some.integers(1, 5), min_size=1),
    some.just(0.0),
    some.booleans(),
)


@given(some.lists(profiles, max_size=7), some.sampled_from([0.0, 20.0]))
def test_a_pair_is_taken_exactly_where_nobody_can_alone_and_two_can(
    people: list[Profile], now: float
) -> None:
    """Against a search through everybody."""

    def opens(reach: Any) -> bool:
        return reach is not None and reach.after <= now

    alone = [str(i) for i, one in enumerate(people) if opens(RESCUE.reach(KOREAN, one))]
    together = [
        [str(i), str(j)]
        for i, one in enumerate(people)
        for j, other in enumerate(people)
        if i != j and opens(RESCUE.reach_of_pair(KOREAN, one, other))
    ]
    choice = decided(RESCUE, {str(i): one for i, one in enumerate(people)}, now)
    if alone:
        assert named(choice) in [[one] for one in alone]
    elif together:
        assert named(choice) in together
    else:
        assert choice is None


def played(arrivals: list[Arrival], habits: Habits = NONE) -> dict[str, Any]:
    workers = [Worker("wang", AGENT), Worker("li", AGENT), Worker("kim", INTERPRETER)]
    return {
        record.arrival.call: record
        for record in Day({"people": RESCUE}, workers, None, habits).play(arrivals)
    }


def korean(name: str, at: float, **more: Any) -> Arrival:
    return Arrival(at, name, KOREAN, 60.0, **more)


def test_in_the_simulator_an_interpreter_is_busy_as_long_as_the_agent() -> None:
    records = played([korean("a", 10, rings=4), korean("b", 11)], Habits(wrap_up_seconds=30))
    assert (records["a"].answered_at, records["b"].answered_at) == (14, 104)  # though li was free
    assert {records["a"].agent, records["b"].agent} <= {"wang", "li"}


def test_in_the_simulator_an_offer_in_vain_leaves_the_interpreter_ready() -> None:
    records = played([korean("a", 10, missed=(EVER,))], Habits(offer_seconds=20, away_seconds=300))
    assert (records["a"].answered_at, records["a"].agent, records["a"].offers) == (30, "wang", 2)
    records = played([korean("a", 10, patience=2, rings=4), korean("b", 13)])
    assert (records["a"].left_at, records["b"].answered_at) == (12, 13)


def test_what_is_said_of_the_wait_goes_by_the_fewer_of_agents_and_interpreters(
    store: Store, floor: Any
) -> None:
    rules = {"people": Rules("people", steps=(Step(0, interpreter=True),))}
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "me", 50, "ko")
        floor.caller(tx, "before", 60, "ko")
        for name in ("wang", "li", "sun"):
            floor.agent(tx, name, 10, ["zh"])
        floor.agent(tx, "kim", 10, ["ko", "zh"], [], interprets=True)
    with store.reading() as tx:
        call = book.find(tx, "me")
        assert call is not None
        told = outlook(tx, rules, call, floor.now, 20)
    assert told.wait == wait(1, 1, 180 + 20)
