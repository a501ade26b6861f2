"""Every kind of node does what its cases file says; a kind without cases fails."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calls.verbs import Dial, Enqueue, Gather, HangUp, Pause, Play, Record, Say, Verb
from ivr.menu import Menu
from ivr.nodes import KINDS
from ivr.step import (
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
    ToNumber,
    ToQueue,
    ToRecorder,
    Transferred,
    Want,
    step,
)
from settings.yaml import load

FOLDER = Path(__file__).parent / "cases"
FILES = {path.stem: load(path) for path in sorted(FOLDER.glob("*.yml"))}
CASES = [
    pytest.param(FILES[kind].data["menu"], case, id=f"{kind}: {case['it']}")
    for kind in FILES
    for case in FILES[kind].data["cases"]
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_cases_that_use_it(kind: str) -> None:
    assert kind in FILES, f"write {FOLDER.name}/{kind}.yml: what a caller notices of '{kind}'"
    assert FILES[kind].problems == ()
    assert len(FILES[kind].data["cases"]) > 1


def test_every_cases_file_is_of_a_kind() -> None:
    assert FILES.keys() == KINDS.keys()


@pytest.mark.parametrize(("nodes", "case"), CASES)
def test_case(
    nodes: dict[str, Any],
    case: dict[str, Any],
    make_menu: Callable[..., Menu],
    facts: Callable[..., Facts],
) -> None:
    menu = make_menu(nodes)
    place = Place(case["at"], case.get("language", "zh"), case.get("tried", 0), _entered(case), 3)
    if "enters" in case:
        menu = replace(menu, start=case["at"])
    taken = step(menu, place, _event(case), facts(*case.get("open", []), queue=case.get("standing", "open")))

    assert [_told(verb) for verb in taken.verbs] == case["hears"]
    assert taken.place.at == case["goes"]
    assert _wanted(taken.wants) == case.get("wants")
    assert taken.place.turns == place.turns + 1
    assert taken.place.tries == case.get("tries", 0)
    assert taken.place.language == case.get("speaks", place.language)
    if "entered" in case:
        assert taken.place.entered == case["entered"]
    if "path" in case:
        assert list(taken.path) == case["path"]


def _entered(case: dict[str, Any]) -> dict[str, str]:
    chosen = {"language": case["language"]} if "language" in case else {}
    return {**chosen, **case.get("entered_before", {})}


def _event(case: dict[str, Any]) -> Event:
    match case:
        case {"enters": True}:
            return Arrived()
        case {"keys": keys}:
            return Keys(keys)
        case {"silence": True}:
            return Silence()
        case {"recorded": seconds}:
            return Recorded("https://carrier/RE1" if seconds else None, seconds)
        case {"transferred": status}:
            return Transferred(status)
        case {"found": values}:
            return Found(None if values == "nothing" else values)
        case {"returned": result}:
            return Returned(result)
        case _:
            raise AssertionError("a case says what happens: enters, keys, silence, ...")


def _told(verb: Verb) -> str:
    match verb:
        case Say(text, language):
            return f"{language} {text}"
        case Play(url):
            return f"play {url}"
        case Pause(seconds):
            return f"pause {seconds}"
        case Gather(prompts, digits, timeout, finish_on):
            until = f" until {finish_on}" if finish_on else ""
            return f"gather {digits} within {timeout}{until}: {' | '.join(map(_told, prompts))}"
        case Enqueue(queue):
            return f"enqueue {queue}"
        case Record(seconds, silence):
            return f"record {seconds} {silence}"
        case Dial(number, timeout):
            return f"dial {number} {timeout}"
        case HangUp():
            return "hang up"
        case _:
            raise AssertionError(f"a menu says no {verb}")


def _wanted(wants: Want | None) -> str | None:
    match wants:
        case None:
            return None
        case ToQueue(queue, priority):
            return f"queue {queue} {priority}"
        case ToRecorder():
            return "recorder"
        case ToNumber(number):
            return f"number {number}"
        case Ask(number):
            return f"ask {number}"
        case End(outcome):
            return f"end {outcome}"
