"""Written calls: what a caller does and hears, in YAML; played against the running hotline or in a rehearsal.

    about: A Korean caller leaves the queue.
    from: "+86 431 8888 0001"           # or withheld
    call:
      - hears: 한국어는 4번              # any part of what is said; ... stands for whatever is in between
      - presses: 4
      - hears: 연결해 드리겠습니다
        within: 60                       # seconds; 30 if left out
      - waits: 5                         # seconds
      - says: 여보세요
      - hangs up                         # or, where the hotline does:   - ends: completed

`when: "2026-11-24 20:00"` gives the moment of the call on the hotline's clock; only a rehearsal can play it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from settings.problems import Problem, did_you_mean
from settings.yaml import Document, load
from terminal.numbers import caller_of, is_caller, number
from terminal.steps import wrong

WITHIN = 30.0  # seconds
PARTS = ("about", "from", "to", "when", "call")


@dataclass(frozen=True)
class Step:
    """One thing the caller does (presses, waits, says, hangs up) or expects (hears, ends)."""

    line: int
    kind: str
    value: str = ""
    within: float = WITHIN


@dataclass(frozen=True)
class Script:
    """A written call. `caller` is None when the number is withheld; `to` None means the hotline itself."""

    file: str
    about: str
    caller: str | None
    to: str | None
    when: datetime | None
    steps: tuple[Step, ...]


def read(path: Path) -> tuple[Script | None, list[Problem]]:
    """The written call in the file; None, and all that is wrong with it, when there are problems."""
    document = load(path)
    problems = list(document.problems)
    if document.data is not None:
        trapped = {problem.line for problem in problems}  # what YAML reads there says nothing more
        problems += [problem for problem in _problems(document) if problem.line not in trapped]
    return (None if problems else _script(document)), sorted(problems)


def _script(document: Document) -> Script:
    data = document.data
    return Script(
        file=document.file,
        about=str(data.get("about", "")),
        caller=caller_of(data["from"]),
        to=number(data["to"]) if "to" in data else None,
        when=datetime.fromisoformat(data["when"]) if "when" in data else None,
        steps=tuple(_step(document, index, item) for index, item in enumerate(data["call"])),
    )


def _step(document: Document, index: int, item: Any) -> Step:
    line = document.line("call", index)
    if isinstance(item, str):
        return Step(line, item)
    kind = next(name for name in item if name != "within")
    return Step(line, kind, str(item[kind]), float(item.get("within", WITHIN)))


def _problems(document: Document) -> Iterator[Problem]:
    data = document.data
    if not isinstance(data, dict):
        yield document.problem("a written call is a list of keys with values", "begin with from: and call:")
        return
    for name in data.keys() - set(PARTS):
        yield document.problem(f"'{name}' is not part of a written call", did_you_mean(name, PARTS), name)
    yield from _numbers(document)
    if "when" in data and not _moment(data["when"]):
        yield document.problem("when is not a date and time", 'write when: "2026-11-24 20:00"', "when")
    steps = data.get("call")
    if not isinstance(steps, list) or not steps:
        yield document.problem(
            "the steps of the call are missing", "add call: and under it - hears: ...", "call"
        )
        return
    for index, item in enumerate(steps):
        if found := wrong(item):
            yield document.problem(*found, "call", index)


def _numbers(document: Document) -> Iterator[Problem]:
    """Who calls, and who is called."""
    data = document.data
    if data.get("from") is None:
        what = "who calls is missing"
        yield document.problem(what, 'add from: "+86 431 8888 0001", or from: withheld', "from")
    elif not isinstance(data["from"], str) or not is_caller(data["from"]):
        what = f"from: {data['from']} is no number to call from"
        yield document.problem(what, 'write from: "+86 431 8888 0001", or from: withheld', "from")
    if "to" in data and not isinstance(data["to"], str):
        what = f"to: {data['to']} is no number to call"
        yield document.problem(what, 'write it in quotes, as in to: "+86 431 12345", or leave it out', "to")


def _moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        return False
