"""Who may serve a queue, and from which second on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import choose, due
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules, Step

PASSPORTS = Rules(
    "passports",
    language=4,
    topics={"passport": 3},
    preferred=("law",),
    steps=(Step(15, language=2), Step(30, topics={"passport": 1}), Step(45, also=("people",))),
)
KOREAN = Lane("passports", "ko")


@pytest.mark.parametrize(
    ("queues", "skills", "after"),
    [
        ("passports", {"ko": 5, "passport": 5}, 0),
        ("passports", {"ko": 4, "passport": 3}, 0),
        ("passports", {"ko": 3, "passport": 3}, 15),
        ("passports", {"ko": 2, "passport": 2}, 30),
        ("passports", {"ko": 1, "passport": 5}, None),  # below the lowest level there ever is
        ("passports", {"ko": 5}, None),  # a required skill that is missing stays missing
        ("passports", {"passport": 5, "zh": 5}, None),
        ("people", {"ko": 5, "passport": 5}, 45),
        ("people", {"ko": 5}, None),
        ("parks", {"ko": 5, "passport": 5}, None),
    ],
)
def test_from_when_on(queues: str, skills: dict[str, int], after: float | None) -> None:
    reach = PASSPORTS.reach(KOREAN, Profile.of({queues: 1}, skills))
    assert (reach.after if reach else None) == after


@pytest.mark.parametrize("first", [None, "away"])
@pytest.mark.parametrize(
    ("queue", "after", "kept"), [("people", 0, 20), ("night", 15, 20), ("parks", 45, 45)]
)
def test_who_is_kept_waits_for_others_until_that_is_over_and_their_step_has_come(
    first: str | None, queue: str, after: float, kept: float
) -> None:
    """Alone and in pairs, whoever of the two callers is looked at first."""
    steps = (Step(0, interpreter=True), Step(15, also=("night",)), Step(45, also=("parks",)))
    rules = Rules("people", "sticky", keep_seconds=20, steps=steps)
    agent, interpreter = Profile.of({queue: 1}, {"zh": 5}), Profile.of({}, {"zh": 5, "ko": 5}, 0.0, True)
    expected = {None: after, "away": kept}
    for wants in (first, *(expected.keys() - {first})):
        alone = rules.reach(Lane("people", "zh", wants=wants), agent)
        together = rules.reach_of_pair(Lane("people", "ko", wants=wants), agent, interpreter)
        assert [reach and reach.after for reach in (alone, together)] == [expected[wants]] * 2


def test_of_those_who_can_who_has_what_is_preferred_goes_first() -> None:
    floor = Memory()
    floor.ready(Candidate("kim", Profile.of({"passports": 1}, {"ko": 5, "passport": 5}), ready_since=0))
    floor.ready(
        Candidate("pak", Profile.of({"passports": 1}, {"ko": 4, "passport": 3, "law": 1}), ready_since=9)
    )
    floor.wait("CA", KOREAN, since=10)
    choice = choose(floor, {"passports": PASSPORTS}, now=10)
    assert choice is not None
    assert choice.agents[0].name == "pak"


def test_who_has_more_of_what_is_preferred_goes_first() -> None:
    rules = Rules("people", preferred=("law", "tax", "en"))
    skills = {"none": {}, "one": {"en": 1}, "two": {"law": 1, "tax": 1}, "all": {"law": 1, "tax": 1, "en": 1}}
    floor = Memory()
    for since, (name, more) in enumerate(skills.items()):
        floor.ready(Candidate(name, Profile.of({"people": 1}, {"zh": 5, **more}), ready_since=since))
    order = []
    for number in range(len(skills)):
        floor.wait(f"CA{number}", Lane("people", "zh"), since=10)
        choice = choose(floor, {"people": rules}, now=10)
        assert choice is not None
        order.append(choice.agents[0].name)
        floor.leave(choice.head.call)
        floor.busy(order[-1])
    assert order == ["all", "two", "one", "none"]


def test_who_could_from_the_beginning_goes_before_who_was_let_in_later() -> None:
    floor = Memory()
    floor.ready(Candidate("idle", Profile.of({"people": 1}, {"ko": 5, "passport": 5}), ready_since=0))
    floor.ready(Candidate("own", Profile.of({"passports": 1}, {"ko": 4, "passport": 3}), ready_since=50))
    floor.wait("CA", KOREAN, since=0)
    choice = choose(floor, {"passports": PASSPORTS}, now=60)
    assert choice is not None
    assert (choice.agents[0].name, choice.step) == ("own", 0)
    assert [one.name for one in choice.ready] == ["own", "idle"]  # between whom it was decided


def test_a_step_lets_in_at_its_second_and_not_before() -> None:
    floor = Memory()
    floor.ready(Candidate("kim", Profile.of({"people": 1}, {"ko": 5, "passport": 5}), ready_since=0))
    floor.wait("CA", KOREAN, since=100)
    rules = {"passports": PASSPORTS}
    assert choose(floor, rules, now=144.999) is None
    assert due(floor, rules, now=144.999) == 145
    assert choose(floor, rules, now=145) is not None


levels = some.integers(1, 5)
steps = some.builds(
    Step,
    after=some.floats(0.1, 300),
    language=some.none() | levels,
    topics=some.dictionaries(some.just("passport"), levels),
    also=some.lists(some.sampled_from(["people", "parks"]), max_size=2).map(tuple),
)


@given(some.lists(steps, max_size=5).map(tuple), levels, levels)
def test_a_timeline_only_ever_lets_more_in(steps: tuple[Step, ...], language: int, topic: int) -> None:
    rules = Rules("passports", language=language, topics={"passport": topic}, steps=steps)
    profiles = [
        Profile.of({queue: 1}, {"ko": spoken, "passport": known})
        for queue in ("passports", "people", "parks")
        for spoken in range(1, 6)
        for known in range(1, 6)
    ]
    admitted = [{p for p in profiles if stage.admits("ko", p)} for stage in rules.stages]
    assert all(earlier <= later for earlier, later in pairwise(admitted))
