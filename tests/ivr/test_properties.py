"""Whatever a caller does, on whatever menu: it ends, 0 is a person, and nothing ever raises."""

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow import reach, silent_loops
from ivr.menu import Menu
from ivr.nodes.asking import Asking
from ivr.nodes.choice import Choice
from ivr.step import (
    MAX_TURNS,
    MORE_TURNS,
    Arrived,
    Ask,
    End,
    Event,
    Facts,
    Found,
    Keys,
    Place,
    Recorded,
    Returned,
    Silence,
    Step,
    ToNumber,
    ToQueue,
    ToRecorder,
    Transferred,
    step,
)
from tests.ivr.generated import digits, events, sources

LONGEST = MAX_TURNS + MORE_TURNS + 1
ENDED = (ToQueue, ToRecorder, End)
MakeFacts = Callable[..., Facts]


def walk(menu: Menu, said: Iterable[Event], facts: Facts) -> list[Step]:
    """A whole call: the steps up to the first person, recording or end."""
    steps = [step(menu, Place(menu.start, "zh"), Arrived(), facts)]
    for event in said:
        if isinstance(steps[-1].wants, ENDED):
            break
        steps.append(step(menu, steps[-1].place, event, facts))
    return steps


def fitting(taken: Step, dice: random.Random, keys: str) -> Event:
    """An event that can follow this step: keys are drawn from `keys`."""
    match taken.wants:
        case Ask():
            return Found(dice.choice([None, {"ticket": "26082700001", "state": "open"}]))
        case ToNumber():
            return Transferred(dice.choice(["busy", "no-answer", "failed"]))
        case ToRecorder():
            return Recorded(dice.choice([None, "https://carrier/RE1"]), dice.randint(0, 1))
        case ToQueue():
            return Returned(dice.choice(["queue-full", "closed", "error"]))
        case _:
            key = dice.choice(["", *keys])
            return Keys(key) if key else Silence()


@given(source=sources(), said=st.lists(events, min_size=LONGEST, max_size=LONGEST), open_now=st.booleans())
def test_any_call_on_any_menu_ends(
    source: dict[str, Any], said: list[Event], open_now: bool, facts: MakeFacts
) -> None:
    menu = Menu.from_source(source)
    steps = walk(menu, said, facts(*["always"] * open_now))
    assert isinstance(steps[-1].wants, ENDED)
    assert len(steps) <= LONGEST


@given(said=st.lists(events, min_size=LONGEST, max_size=LONGEST), open_now=st.booleans())
def test_any_call_on_the_sample_menus_ends(
    said: list[Event], open_now: bool, sample: Menu, facts: MakeFacts
) -> None:
    steps = walk(sample, said, facts(*["foreign-languages"] * open_now))
    assert isinstance(steps[-1].wants, ENDED)


@pytest.mark.parametrize("open_now", [True, False])
@pytest.mark.parametrize("seed", range(150))
def test_a_caller_who_presses_any_key_for_ever_ends(
    seed: int, open_now: bool, sample: Menu, facts: MakeFacts
) -> None:
    dice = random.Random(seed)  # noqa: S311 - the dice of a test
    world = facts(*["foreign-languages"] * open_now)
    keys = dice.choice(["0123456789*#", "29", "2341", "9", "312"])
    taken = step(sample, Place(sample.start, "zh"), Arrived(), world)
    for _ in range(LONGEST):
        if isinstance(taken.wants, ENDED):
            return
        taken = step(sample, taken.place, fitting(taken, dice, keys), world)
    pytest.fail(f"still in the menu, at {taken.place.at}")


@pytest.mark.parametrize("seed", range(50))
def test_a_queue_that_is_always_full_lets_nobody_go_round_for_ever(
    seed: int, sample: Menu, facts: MakeFacts
) -> None:
    dice, world = random.Random(seed), facts("foreign-languages")  # noqa: S311 - the dice of a test
    taken = step(sample, Place(sample.start, "zh"), Arrived(), world)
    for _ in range(LONGEST):
        if isinstance(taken.wants, End):
            return
        taken = step(sample, taken.place, fitting(taken, dice, "0129"), world)
    pytest.fail(f"still in the menu, at {taken.place.at}")


def test_after_too_many_turns_there_is_a_person_and_then_an_end(sample: Menu, facts: MakeFacts) -> None:
    place = Place("english-menu", "en", 0, {"language": "en"}, MAX_TURNS)
    assert step(sample, place, Keys("9"), facts()).wants == ToQueue("people")
    place = Place("english-menu", "en", 0, {"language": "en"}, MAX_TURNS + MORE_TURNS)
    assert step(sample, place, Keys("9"), facts()).wants == End("failed")


@given(source=sources(), open_now=st.booleans())
def test_0_is_a_person_wherever_keys_are_asked_for(
    source: dict[str, Any], open_now: bool, facts: MakeFacts
) -> None:
    menu = Menu.from_source(source)
    for name, node in menu.nodes.items():
        if isinstance(node, Asking):
            for place in (Place(name, "en"), Place(name, "en", 0, {"number": "12", "language": "en"}, 5)):
                taken = step(menu, place, Keys("0"), facts(*["always"] * open_now))
                assert taken.wants == ToQueue("people")
                assert taken.place.language == "en"


def test_0_is_a_person_from_every_place_of_the_sample_menus(sample: Menu, facts: MakeFacts) -> None:
    asked = 0
    for state in reach(sample.nodes, sample.start, "zh"):
        if isinstance(sample.nodes[state.at], Asking):
            entered = {"language": state.language} if state.chosen else {}
            place = Place(state.at, state.language, 0, entered, 1)
            taken = step(sample, place, Keys("0"), facts())
            assert isinstance(taken.wants, ToQueue)
            assert taken.place.language == state.language
            asked += 1
    assert asked > 15


@given(source=sources(), keys=digits, event=events, entered=st.booleans(), tries=st.integers(0, 10))
def test_nothing_raises(
    source: dict[str, Any], keys: str, event: Event, entered: bool, tries: int, facts: MakeFacts
) -> None:
    menu = Menu.from_source(source)
    for name in [*menu.nodes, "gone"]:
        for language in ("zh", "en", "tlh"):
            place = Place(name, language, tries, {"number": keys} if entered else {}, 2)
            for happened in (Keys(keys), event, Silence(), Arrived()):
                taken = step(menu, place, happened, facts())
                assert taken.place.at in menu.nodes or taken.place.at == "gone"


@given(source=sources())
def test_where_the_checks_see_no_loop_a_silent_caller_is_handed_on(
    source: dict[str, Any], facts: MakeFacts
) -> None:
    menu = Menu.from_source(source)
    if silent_loops(menu.nodes):
        return
    for open_hours in ((), ("always",)):
        taken = step(menu, Place(menu.start, "zh"), Arrived(), facts(*open_hours))
        for _ in range(9 * len(menu.nodes)):
            if isinstance(taken.wants, ToQueue | ToRecorder | End):
                break
            unanswered = Transferred("no-answer") if isinstance(taken.wants, ToNumber) else Silence()
            event = Found(None) if isinstance(taken.wants, Ask) else unanswered
            taken = step(menu, taken.place, event, facts(*open_hours))
        assert isinstance(taken.wants, ToQueue | ToRecorder | End)


@given(source=sources())
def test_a_menu_survives_being_kept(source: dict[str, Any]) -> None:
    menu = Menu.from_source(source)
    kept = Menu.from_source(json.loads(json.dumps(menu.source())))
    assert kept == menu
    assert kept.source() == menu.source()
    assert kept.version == menu.version


def test_the_sample_survives_being_kept(sample: Menu) -> None:
    kept = Menu.from_source(json.loads(json.dumps(sample.source())))
    assert kept == sample
    assert kept.version == sample.version


@given(source=sources())
def test_another_source_is_another_version(source: dict[str, Any]) -> None:
    changed = {**source, "texts": {**source["texts"], "taken": {"zh": "已接听。"}}}
    assert Menu.from_source(changed).version != Menu.from_source(source).version


def test_the_order_of_languages_is_part_of_the_version(make_menu: Callable[..., Menu]) -> None:
    one = make_menu({"a": {"hang_up": {"zh": "再见。", "en": "Good-bye."}}})
    other = make_menu({"a": {"hang_up": {"en": "Good-bye.", "zh": "再见。"}}})
    assert one.version != other.version


@given(source=sources(), place=st.sampled_from("abcdef"), event=events)
def test_the_same_step_is_the_same_every_time(
    source: dict[str, Any], place: str, event: Event, facts: MakeFacts
) -> None:
    menu = Menu.from_source(source)
    at, world = Place(place, "en", 1, {"language": "en"}, 4), facts()
    assert step(menu, at, event, world) == step(menu, at, event, world)


def test_every_choice_of_the_sample_tries_at_least_twice(sample: Menu) -> None:
    assert all(node.tries >= 2 for node in sample.nodes.values() if isinstance(node, Choice))
