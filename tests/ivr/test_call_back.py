"""The dialogue about the number at which a caller is called back: a table of it, and its bounds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.verbs import Enqueue, Gather, HangUp, Say
from ivr.call_back import TRIES, Asked, begin, begun, step
from ivr.events import Event, Keys, Returned, Silence
from ivr.menu import Menu
from ivr.place import Place
from ivr.step import Step
from ivr.wants import ToCallBack, ToQueue

HOME, OTHER, TOO_OFTEN = "+8643188880001", "+8613804310001", "+8613804310002"
NUMBERS = {"13804310001": OTHER, "13804310002": TOO_OFTEN}
ASKED = Asked("people", 5, "26112300001", NUMBERS.get, lambda number: number[3:], TOO_OFTEN.__eq__)
PLACE = Place("people", "en", entered={"language": "en"}, turns=7)


def plays(menu: Menu, number: str | None, *events: Event) -> list[Step]:
    """The steps of a dialogue about this number, up to its end."""
    place, steps = begin(PLACE, number), []
    for event in (Returned("leave"), *events):
        steps.append(step(menu.texts, place, event, ASKED))
        place = steps[-1].place
        if not begun(place):
            break
    return steps


@pytest.mark.parametrize(
    ("number", "keys", "ends"),
    [
        (HOME, "1", ToCallBack(HOME)),
        (HOME, "2 13804310001 1", ToCallBack(OTHER)),
        (None, "13804310001 1", ToCallBack(OTHER)),
        (None, "99 13804310001 1", ToCallBack(OTHER)),
        (HOME, "9 1", ToCallBack(HOME)),
        (HOME, "- - -", ToQueue("people", 5)),
        (HOME, "0", ToQueue("people", 5)),
        (None, "0", ToQueue("people", 5)),
        (None, "1 1 1", ToQueue("people", 5)),  # 1 is a number too short, not a yes
        (None, "99 99 99", ToQueue("people", 5)),
        (HOME, "2 13804310002 13804310001 1", ToCallBack(OTHER)),
        (None, "13804310002 13804310002 13804310002", ToQueue("people", 5)),
        (TOO_OFTEN, "1 0", ToQueue("people", 5)),  # refused since it was read back
        (TOO_OFTEN, "1 13804310001 1", ToCallBack(OTHER)),
        (HOME, "2 13804310001 2 13804310001 2", ToQueue("people", 5)),
        (HOME, "", None),
        (HOME, "2", None),
    ],
)
def test_what_a_caller_presses_and_where_it_ends(
    sample: Menu, number: str | None, keys: str, ends: object
) -> None:
    steps = plays(sample, number, *(Silence() if key == "-" else Keys(key) for key in keys.split()))
    assert steps[-1].wants == ends
    assert begun(steps[-1].place) is (ends is None)
    assert steps[-1].place.at == "people"
    assert steps[-1].place.entered.get("language") == "en"
    assert [one.place.turns for one in steps] == list(range(8, 8 + len(steps)))


def test_the_number_is_read_back_and_the_ticket_told(sample: Menu) -> None:
    asks, agrees = plays(sample, HOME, Keys("1"))
    [question] = asks.verbs
    assert isinstance(question, Gather)
    assert question.prompts == (
        Say(
            "We will call you at 4 3 1, 8 8 8 8, 0 0 0 1."
            " If that is right, press 1. For another number, press 2.",
            "en",
        ),
    )
    assert any("2 6 1" in verb.text for verb in agrees.verbs if isinstance(verb, Say))
    assert isinstance(agrees.verbs[-1], HangUp)


@given(
    st.sampled_from([HOME, None]),
    st.lists(
        st.sampled_from(["0", "1", "2", "9", "13804310001", "00", "*", ""]).map(Keys) | st.just(Silence())
    ),
)
def test_whatever_is_pressed_it_ends_soon(sample: Menu, number: str | None, events: list[Event]) -> None:
    steps = plays(sample, number, *events, *[Silence()] * TRIES)
    assert len(steps) <= 2 * TRIES + 1
    assert steps[-1].wants is not None
    assert isinstance(steps[-1].verbs[-1], HangUp | Enqueue)
    assert replace(steps[-1].place, tries=0, turns=7) == PLACE
