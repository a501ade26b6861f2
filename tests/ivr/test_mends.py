"""A mend says what can be written as it stands: written so, the file is right."""

from typing import Annotated, Any, get_args, get_origin
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from ivr.nodes import KINDS
from settings.agents import Agent
from settings.calendar import Calendar
from settings.hotline import Hotline
from settings.problems import Problem
from settings.queues import Queue
from settings.shape import read
from settings.yaml import parse

MODELS: dict[str, type[BaseModel]] = {**KINDS, "hotline.yml": Hotline, "queues.yml": Queue}


def number(kind: Any) -> bool:
    """Whether a field holds a number."""
    return kind is int or (get_origin(kind) is Annotated and number(get_args(kind)[0]))


FIELDS = [
    (name, field)
    for name, model in MODELS.items()
    for field in model.model_fields
    if (name, field) != ("queues.yml", "name")  # it stands before the queue, not in it
]
NUMBERS = [(name, field) for name, field in FIELDS if number(MODELS[name].model_fields[field].annotation)]


def refused(model: type[BaseModel], line: str) -> list[Problem]:
    """What is wrong with a file that has just this, but for what it lacks."""
    problems: list[Problem] = []
    given: dict[str, Any] = {"zone": ZoneInfo("UTC")} if model is Calendar else {}
    read(model, parse(line, "menu.yml"), problems, **given)
    return [problem for problem in problems if " has no '" not in problem.what]


@pytest.mark.parametrize("value", ["2s", "-1", "99999999", "[]", "", "1.5"])
@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_the_mend_of_a_number_is_a_number_that_fits(name: str, field: str, value: str) -> None:
    [problem] = refused(MODELS[name], f"{field}: {value}")
    assert problem.mend.startswith("write ")
    assert refused(MODELS[name], problem.mend.removeprefix("write ")) == []


def test_every_kind_that_has_numbers_is_tried() -> None:
    assert {"choice", "collect", "record", "queue", "transfer"} <= {name for name, _ in NUMBERS}


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_no_mend_is_dots(name: str, field: str) -> None:
    assert not [problem.mend for problem in refused(MODELS[name], f"{field}:") if "..." in problem.mend]


NESTED = [  # where a value is missing or of another kind, inside a list or under a name
    (Hotline, "name:\n  zh: 您好\n  ko:"),
    (Hotline, "languages:\n  - en\n  -"),
    (Hotline, "emergency:\n  police:"),
    (Hotline, "emergency:\n  fire: [119]"),
    (Queue, "label:\n  ru:"),
    (Agent, "languages:\n  -"),
    (Agent, "queues:\n  -"),
    (Agent, "queues:\n  - {people: 1}"),
    (Calendar, "years:\n  2028:"),
    (Calendar, "years:\n  2028: 1"),
    (Calendar, "years:\n  2028:\n    holidays:"),
    (Calendar, "years:\n  2028:\n    holidays: {}\n    workdays:"),
    (Calendar, "hours:\n  night:"),
    (Calendar, "hours:\n  night:\n    workdays:"),
    (KINDS["choice"], "keys:\n  1:"),
    (KINDS["choice"], "keys:\n  1: people\n  2: [people]"),
    (KINDS["choice"], "keys:\n  1:\n    then:"),
    (KINDS["lookup"], "states:"),
]


@pytest.mark.parametrize(("model", "text"), NESTED, ids=lambda value: str(value)[:40])
def test_a_mend_inside_a_list_or_under_a_name_is_right_in_its_place(
    model: type[BaseModel], text: str
) -> None:
    [problem] = refused(model, text)
    lines = text.splitlines()
    broken = lines[problem.line - 1]
    indent = broken[: len(broken) - len(broken.lstrip())]
    lines[problem.line - 1] = indent + problem.mend.removeprefix("write ")
    assert refused(model, "\n".join(lines)) == []


def test_a_missing_text_is_asked_for_in_its_own_language() -> None:
    [problem] = refused(Hotline, "name:\n  zh: 您好\n  ko:")
    assert problem.mend == "write ko: 안녕하세요"
