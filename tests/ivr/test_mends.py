"""A mend says what can be written as it stands: written so, the file is right."""

from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from ivr.nodes import KINDS
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
    """What is wrong with the first line of a file."""
    problems: list[Problem] = []
    read(model, parse(line, "menu.yml"), problems)
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
