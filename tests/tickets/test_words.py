"""Each kind of journal entry in plain words."""

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from calls.journal import Entry
from tickets.words import WORDS, words

KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "call-arrived": ({"dialled": "+8643112345"}, "called +8643112345"),
    "waiting": (
        {"queue": "people", "language": "ko"},
        "waits in queue people for a person who speaks ko",
    ),
    "moved": ({"queue": "night", "from_queue": "people"}, "waits in queue night now, no longer in people"),
    "turned-away": ({"queue": "people"}, "found queue people closed or full"),
    "queue-closed": ({"queue": "people", "who": "sun"}, "sun closed queue people"),
    "queue-opened": ({"queue": "people", "who": "sun"}, "sun opened queue people"),
    "seat-ordered": ({"agent": "kim", "state": "offline", "who": "sun"}, "sun ordered kim: offline"),
    "offered": ({"agent": "kim", "offer": "O1"}, "offered to kim"),
    "interpreter-offered": ({"agent": "kim", "offer": "O1"}, "offered to kim, who is to interpret"),
    "pledged": ({"agent": "kim", "offer": "O1"}, "kim accepted, and waits for the other"),
    "accepted": ({"agent": "kim", "offer": "O1"}, "kim accepted"),
    "declined": ({"agent": "kim"}, "kim declined"),
    "missed": ({"agent": "kim"}, "kim did not answer in time"),
    "withdrawn": ({"agent": "kim"}, "the offer to kim was withdrawn"),
    "joined": ({"agent": "kim"}, "talks with kim"),
    "held": ({"agent": "kim"}, "kim put the caller on hold"),
    "resumed": ({"agent": "kim"}, "kim took the caller off hold"),
    "agent-gone": ({"agent": "kim"}, "kim dropped out of the talk"),
    "interpreter-left": ({"agent": "kim"}, "kim, who interpreted, left the talk"),
    "returned": ({"queue": "people"}, "back in queue people, in the old place"),
    "talk-over": ({"agent": "kim"}, "the talk with kim is over"),
    "message-recorded": ({"seconds": 12}, "left a message of 12 s"),
    "talk-recorded": ({"seconds": 75}, "the talk was recorded, 75 s"),
    "recording-opened": ({"who": "root"}, "root opened the recordings"),
    "recording-deleted": (
        {"what": "recorded talk", "days": 90},
        "the recorded talk was deleted after 90 days",
    ),
    "transferred": ({"status": "completed"}, "was handed over to another number: completed"),
    "ended": ({"outcome": "answered", "status": "completed"}, "the call ended: answered"),
    "call-back-wanted": ({}, "wants to be called back"),
    "call-back-agreed": (
        {"number": "+86 431 **** 0001"},
        "will be called back at +86 431 **** 0001, and keeps the place",
    ),
    "gave-up": (
        {"number": "+86 431 **** 0001"},
        "hung up while waiting, and will be called back at +86 431 **** 0001",
    ),
    "line-lost": (
        {"number": "+86 431 **** 0001"},
        "the line broke off while waiting; the caller will be called back at +86 431 **** 0001",
    ),
    "dialled": ({}, "is being called back"),
    "call-back-in-vain": ({"agent": "kim", "why": "no key"}, "was called back in vain: no key"),
    "call-back-in-line": ({"queue": "people"}, "in queue people again, to be called back"),
    "called-again": ({"other": "26112300002"}, "called again before that: ticket 26112300002"),
    "calls-again": (
        {"other": "26112300001"},
        "keeps the place of ticket 26112300001, whose call-back is off",
    ),
    "call-back-due": ({}, "the hotline owes a call back"),
    "webhook-failed": ({}, "the hotline failed for a moment, and took the caller to a person"),
    "command-failed": (
        {"command": "ring", "error": "21211"},
        "the carrier did not do as told (ring): 21211",
    ),
    "number-shown": ({"who": "root"}, "root had the full number shown"),
}

STEPS = [
    ({"at": "language", "path": ["welcome", "language"]}, "welcome → language"),
    ({"at": "people", "path": ["language"], "key": "4"}, "pressed 4: language → people"),
    ({"at": "language", "path": [], "key": "9"}, "pressed 9: language"),
    ({"path": ["language"]}, "language"),
]


def said(kind: str, detail: dict[str, Any]) -> str:
    return words(Entry(datetime(2026, 11, 23, tzinfo=UTC), kind, "CA1", "2611230001", detail))


def test_every_kind_has_a_case() -> None:
    assert set(KINDS) == set(WORDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind(kind: str) -> None:
    detail, sentence = KINDS[kind]
    assert said(kind, detail) == sentence


@pytest.mark.parametrize(("detail", "sentence"), STEPS)
def test_a_step_tells_the_key_and_the_way(detail: dict[str, Any], sentence: str) -> None:
    assert said("step", detail) == sentence


def test_an_entry_that_lacks_a_word_is_still_shown() -> None:
    assert said("accepted", {}) == "? accepted"


def test_an_unknown_kind_is_shown_as_it_is() -> None:
    assert said("eclipse", {"of": "the sun", "minutes": 3}) == "eclipse of=the sun minutes=3"


def written_kinds() -> set[str]:
    """Every kind that some room notes in the journal, read from its source."""
    root = Path(__file__).parents[2]
    rooms = [
        path for room in ("switchboard", "web", "clock", "terminal") for path in (root / room).glob("*.py")
    ]
    kinds = set()
    for path in rooms:
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Call) and ast.unparse(part.func) in ("note", "journal.note"):
                words = ast.walk(part.args[1])
                kinds |= {word.value for word in words if isinstance(word, ast.Constant) and word.value}
    return {kind for kind in kinds if isinstance(kind, str)}


def test_every_kind_that_is_written_has_words() -> None:
    kinds = written_kinds()
    assert "number-shown" in kinds, "the search finds nothing"
    assert kinds - {"step"} <= set(WORDS)
