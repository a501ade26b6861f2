"""Written calls as an admin writes them: what is read, and what is wrong with the others."""

from datetime import datetime

import pytest

from terminal.script import read

WHOLE = """\
about: A Korean caller leaves the queue.
from: "+86 431-8888 0001"
when: "2026-11-24 20:00"
call:
  - hears: 한국어는 4번
  - presses: 4
  - hears: 연결해 드리겠습니다
    within: 60
  - waits: 5
  - presses: "*1#"
  - says: 여보세요
  - hangs up
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text):
        file = tmp_path / "call.yml"
        file.write_text(text)
        return read(file.relative_to(tmp_path))

    return write


def test_a_written_call_is_read_with_its_lines(written):
    script, problems = written(WHOLE)
    assert problems == []
    assert (script.caller, script.to, script.when) == ("+8643188880001", None, datetime(2026, 11, 24, 20))  # noqa: DTZ001 - on the hotline's clock
    assert [(step.line, step.kind, step.value, step.within) for step in script.steps] == [
        (5, "hears", "한국어는 4번", 30),
        (6, "presses", "4", 30),
        (7, "hears", "연결해 드리겠습니다", 60),
        (9, "waits", "5", 30),
        (10, "presses", "*1#", 30),
        (11, "says", "여보세요", 30),
        (12, "hangs up", "", 30),
    ]


def test_a_withheld_number_is_none(written):
    script, _ = written("from: withheld\ncall:\n  - ends: completed\n")
    assert script.caller is None


WRONG = {
    "an unknown part": ("from: withheld\nfrm: x\ncall:\n  - hangs up\n", 2, "'frm' is not part", "'from'"),
    "no caller": ("call:\n  - hangs up\n", 1, "who calls is missing", "withheld"),
    "a caller who is a list": (
        "from: [1, 2]\ncall:\n  - hangs up\n",
        1,
        "from: [1, 2] is no number",
        "withheld",
    ),
    "a caller who is a word": (
        "from: banana\ncall:\n  - hangs up\n",
        1,
        "from: banana is no number",
        "withheld",
    ),
    "a number without quotes": (
        "from: 13800000001\ncall:\n  - hangs up\n",
        1,
        "no number to call from",
        '"+86',
    ),
    "a called number without quotes": (
        "from: withheld\nto: 110\ncall:\n  - hangs up\n",
        2,
        "to: 110 is no number to call",
        "in quotes",
    ),
    "a plus without quotes": (
        "from: +8643188880001\ncall:\n  - hangs up\n",
        1,
        "loses its plus",
        "in quotes",
    ),
    "no steps": ("from: withheld\ncall: []\n", 2, "steps of the call are missing", "- hears"),
    "an unknown step": (
        "from: withheld\ncall:\n  - hears: a\n  - pushes: 4\n",
        4,
        "'pushes' is not a step",
        "'presses'",
    ),
    "a misspelt end": ("from: withheld\ncall:\n  - hangs\n", 3, "'hangs' is not a step", "'hangs up'"),
    "an end with a colon": (
        "from: withheld\ncall:\n  - hangs up:\n",
        3,
        "nothing belongs",
        "colon: - hangs up",
    ),
    "an end without a colon": ("from: withheld\ncall:\n  - ends\n", 3, "alone", "as in - ends: completed"),
    "nothing to be heard": ("from: withheld\ncall:\n  - hears:\n", 3, "alone", "as in - hears: 한국어는 4번"),
    "two things in one": ("from: withheld\ncall:\n  - hears: a\n    presses: 4\n", 3, "one thing", "dash"),
    "keys that no phone has": ("from: withheld\ncall:\n  - presses: 4a\n", 3, "cannot be played", '"*1#"'),
    "a bare hash": ("from: withheld\ncall:\n  - presses: #\n", 3, "starts a comment", "in quotes"),
    "no time": ("from: withheld\ncall:\n  - waits: soon\n", 3, "cannot be played", "seconds"),
    "an unknown ending": ("from: withheld\ncall:\n  - ends: well\n", 3, "cannot be played", "completed"),
    "within a key press": (
        "from: withheld\ncall:\n  - presses: 4\n    within: 5\n",
        3,
        "hears or ends",
        "leave it out",
    ),
    "no moment": (
        "from: withheld\nwhen: tomorrow\ncall:\n  - hangs up\n",
        2,
        "not a date",
        "2026-11-24 20:00",
    ),
    "a list": ("- hears: a\n", 1, "a written call is", "begin with from:"),
}


@pytest.mark.parametrize(("text", "line", "what", "mend"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_line_and_mend(written, text, line, what, mend):
    script, problems = written(text)
    assert script is None
    (problem,) = problems
    assert (problem.file, problem.line) == ("call.yml", line)
    assert what in problem.what
    assert mend in problem.mend


def test_a_value_that_yaml_reads_otherwise_hides_no_other_mistake(written):
    _, problems = written("from: withheld\ncall:\n  - presses: 007\n  - hang up\n  - waits: 5s\n")
    assert [(problem.line, problem.what) for problem in problems] == [
        (3, "007 without quotes is the number 7"),
        (4, "'hang up' is not a step"),
        (5, "waits: 5s cannot be played"),
    ]
