"""Each strategy on the same five agents: no two give the same order, none rings who lacks a skill."""

from itertools import pairwise
from pathlib import Path

import pytest

import routing.policy.strategies as room
from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import choose
from routing.policy.skills import Lane, Profile, rarities
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules

SKILLS = {
    "wang": {"zh": 3},
    "li": {"zh": 4},
    "chen": {"zh": 5, "en": 4, "ja": 3},
    "kim": {"zh": 4, "ko": 5},
    "sato": {"ja": 5},
}
RARITY = rarities(SKILLS)


def agent(name: str, since: float, calls: int, occupancy: float, rung: float, talk: float) -> Candidate:
    profile = Profile.of({"people": 1}, SKILLS[name], RARITY[name])
    return Candidate(name, profile, since, calls, occupancy, rung, talk)


AGENTS = [  # ready since, calls, occupancy, last rung at, seconds a talk
    agent("wang", 40, 9, 0.60, 20, 150),
    agent("li", 30, 7, 0.80, 25, 190),
    agent("chen", 20, 8, 0.50, 15, 200),
    agent("kim", 10, 8, 0.70, 30, 180),
    agent("sato", 1, 0, 0.0, 1, 1),  # speaks no Chinese
]

ORDERS = {
    "longest-idle": ["kim", "chen", "li", "wang"],
    "fewest-calls": ["li", "kim", "chen", "wang"],
    "least-occupied": ["chen", "wang", "kim", "li"],
    "round-robin": ["chen", "wang", "li", "kim"],
    "most-skilled": ["chen", "kim", "li", "wang"],
    "specialists-last": ["li", "wang", "kim", "chen"],
    "fastest-first": ["wang", "kim", "li", "chen"],
    "sticky": ["wang", "kim", "chen", "li"],
    "ring-all": ["kim", "chen", "li", "wang"],
}


def order(name: str) -> list[str]:
    """Who is rung by the first call, by the second, and so on, while nobody gets ready again."""
    floor = Memory(one.by for one in STRATEGIES.values())
    for one in AGENTS:
        floor.ready(one)
    rung = []
    for number in range(len(AGENTS)):
        wants = "wang" if name == "sticky" and number == 0 else None
        floor.wait(f"CA{number}", Lane("people", "zh", wants=wants), since=100)
        choice = choose(floor, {"people": Rules("people", name, keep_seconds=10)}, now=100)
        if choice is None:
            break
        floor.leave(choice.head.call)
        for one in choice.agents:
            floor.busy(one.name)
            rung.append(one.name)
    return rung


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_order_in_which_agents_are_rung(name: str) -> None:
    assert order(name) == ORDERS[name]


def test_no_two_strategies_are_the_same() -> None:
    told_apart = {tuple(order(name)) for name in STRATEGIES if name != "ring-all"}
    assert len(told_apart) == len(STRATEGIES) - 1


def test_ring_all_rings_everybody_at_once_and_the_others_one() -> None:
    for name, one in STRATEGIES.items():
        floor = Memory([one.by])
        for candidate in AGENTS:
            floor.ready(candidate)
        floor.wait("CA", Lane("people", "zh"), since=0)
        choice = choose(floor, {"people": Rules("people", name)}, now=0)
        assert choice is not None
        assert len(choice.agents) == (4 if name == "ring-all" else 1)


def test_ring_all_rings_the_forty_who_have_been_ready_the_longest() -> None:
    """Of whatever profile."""
    floor = Memory()
    for number in range(50):
        profile = Profile.of({"people": 1}, {"zh": 1 + number % 5})
        floor.ready(Candidate(f"a{number}", profile, ready_since=100 - number))
    floor.wait("CA", Lane("people", "zh"), since=200)
    choice = choose(floor, {"people": Rules("people", "ring-all")}, now=200)
    assert choice is not None
    assert [one.name for one in choice.agents] == [f"a{number}" for number in range(49, 9, -1)]


def test_most_skilled_goes_by_the_language_and_then_by_the_topics_that_are_asked_for() -> None:
    rules = Rules("people", "most-skilled", topics={"passport": 1, "law": 1})
    skills = {
        "speaks": {"zh": 5, "passport": 1, "law": 2},
        "knows": {"zh": 4, "passport": 5, "law": 5},
        "both": {"zh": 5, "passport": 2, "law": 2},
        "more": {"zh": 5, "passport": 1, "law": 1, "tax": 5},
    }
    floor = Memory()
    for since, (name, levels) in enumerate(skills.items()):
        floor.ready(Candidate(name, Profile.of({"people": 1}, levels), ready_since=since))
    order = []
    for number in range(len(skills)):
        floor.wait(f"CA{number}", Lane("people", "zh"), since=10)
        choice = choose(floor, {"people": rules}, now=10)
        assert choice is not None
        order.append(choice.agents[0].name)
        floor.leave(choice.head.call)
        floor.busy(order[-1])
    assert order == ["both", "speaks", "more", "knows"]


def test_each_strategy_has_a_file_of_its_name() -> None:
    files = {path.stem.replace("_", "-") for path in Path(room.__file__).parent.glob("[a-z]*.py")}
    assert files == set(STRATEGIES) == set(ORDERS)


@pytest.mark.parametrize("name", STRATEGIES)
def test_within_a_profile_the_key_gives_the_order_of_its_field(name: str) -> None:
    """Else the index would find another first agent than the strategy means."""
    one = STRATEGIES[name]
    profile = Profile.of({"people": 1}, {"zh": 5})
    alike = [
        Candidate(a.name, profile, a.ready_since, a.calls, a.occupancy, a.rung_at, a.talk_seconds)
        for a in AGENTS
    ]
    alike.sort(key=lambda a: (getattr(a, one.by), a.ready_since))
    keys = [one.key(a, Lane("people", "zh"), Rules("people", name)) for a in alike]
    assert all(first <= second for first, second in pairwise(keys))


def test_the_same_skills_are_equally_rare_in_whatever_order_they_are_listed() -> None:
    listed = {
        "kim": ["ko", "ja", "zh"],
        "pak": ["zh", "ko", "ja"],
        "1": ["zh"],
        "2": ["zh"],
        "3": ["zh"],
        "4": ["zh"],
    }
    rare = rarities({name: dict.fromkeys(skills, 5) for name, skills in listed.items()})
    assert rare["kim"] == rare["pak"]
