"""The rules of one day: queues closed, callers kept for a director, callers moved on."""

from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.day import Kept, in_force
from routing.policy.match import choose, due, overflowing
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules, Seat, Step
from routing.rulebook import Rulebook

WATER = Lane("water", "zh")
USUAL = Candidate("wang", Profile.of({"water": 1}, {"zh": 5, "ko": 5}), ready_since=0)
LIU = Candidate("liu", Profile.of({"roads": 1}, {"zh": 1}), ready_since=50)
RULES = {"water": Rules("water", topics={"pipes": 2}), "roads": Rules("roads")}
PLUMBER = Candidate("pak", Profile.of({"water": 1}, {"zh": 5, "pipes": 5}), ready_since=0)
RECEIVES = [Kept("water", Seat("liu", ("zh",)), 30)]


def floor(*agents: Candidate, lane: Lane = WATER) -> Memory:
    """One caller who has waited since second 100, and these agents."""
    there = Memory()
    there.wait("CA", lane, since=100)
    for agent in agents:
        there.ready(agent)
    return there


def rung(there: Memory, rules: dict[str, Rules], now: float) -> str | None:
    choice = choose(there, rules, now)
    return choice.agents[0].name if choice else None


def test_a_closed_queue_serves_nobody() -> None:
    there = floor(PLUMBER)
    assert rung(there, RULES, 100) == "pak"
    closed = in_force(RULES, {"water"}, [])
    assert rung(there, closed, 10_000) is None
    assert due(there, closed, 100) is None


def test_the_director_is_rung_whatever_the_topics_of_the_queue_and_who_is_free_longest() -> None:
    assert rung(floor(PLUMBER, LIU), in_force(RULES, (), RECEIVES), 100) == "liu"


def test_who_talked_with_another_agent_last_is_kept_for_the_director_too() -> None:
    rules = in_force({**RULES, "water": Rules("water", "sticky", keep_seconds=20)}, (), RECEIVES)
    assert rung(floor(USUAL, LIU, lane=Lane("water", "zh", wants="wang")), rules, 100) == "liu"


def test_the_usual_agents_wait_so_long_for_the_director() -> None:
    rules = in_force(RULES, (), RECEIVES)
    there = floor(PLUMBER)
    assert rung(there, rules, 129.999) is None
    assert due(there, rules, 100) == 130
    assert rung(there, rules, 130) == "pak"


def test_after_that_the_director_who_is_free_still_goes_first() -> None:
    assert rung(floor(PLUMBER, LIU), in_force(RULES, (), RECEIVES), 1000) == "liu"


def test_other_languages_and_other_queues_are_as_on_any_day() -> None:
    rules = in_force({"water": Rules("water"), "roads": Rules("roads")}, (), RECEIVES)
    assert rung(floor(USUAL, LIU, lane=Lane("water", "ko")), rules, 100) == "wang"
    assert rung(floor(USUAL, LIU, lane=Lane("roads", "zh")), rules, 100) == "liu"


def test_each_variation_is_a_rulebook_of_its_own_and_made_once() -> None:
    book = Rulebook.of(RULES)
    assert book.on(frozenset(), frozenset()) is book
    day = book.on(frozenset({"roads"}), frozenset(RECEIVES))
    assert day.version != book.version
    assert day is book.on(frozenset({"roads"}), frozenset(RECEIVES))


OVERFLOW = {
    "water": Rules("water", steps=(Step(60, move="people"),)),
    "people": Rules("people", priority=20, steps=(Step(90, move="night"),)),
    "night": Rules("night"),
}


def test_who_has_waited_so_long_is_moved_with_all_the_time_already_waited() -> None:
    there = floor()
    assert overflowing(there, OVERFLOW, 159.999) is None
    assert due(there, OVERFLOW, 100) == 160
    move = overflowing(there, OVERFLOW, 160)
    assert move is not None
    assert (move.head.call, move.head.since, move.lane) == ("CA", 100, Lane("people", "zh", 20))
    there.wait("CA", move.lane, move.head.since)
    assert overflowing(there, OVERFLOW, 189.999) is None
    further = overflowing(there, OVERFLOW, 190)
    assert further is not None
    assert further.lane == Lane("night", "zh", 20)


def test_who_has_waited_longest_is_moved_first() -> None:
    there = floor()
    there.wait("CB", Lane("water", "ko"), since=90)
    move = overflowing(there, OVERFLOW, 300)
    assert move is not None
    assert move.head.call == "CB"


def test_nobody_is_moved_to_a_closed_queue() -> None:
    rules = in_force(OVERFLOW, {"people"}, [])
    assert overflowing(floor(), rules, 1000) is None
    assert due(floor(), rules, 100) is None


def test_nobody_is_moved_to_a_queue_out_of_hours_and_who_waits_there_is_still_served() -> None:
    rules = in_force(OVERFLOW, (), [], {"people"})
    assert overflowing(floor(), rules, 1000) is None
    wang = Candidate("wang", Profile.of({"people": 1}, {"zh": 5}), ready_since=0)
    assert rung(floor(wang, lane=Lane("people", "zh")), rules, 100) == "wang"
