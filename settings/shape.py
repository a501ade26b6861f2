"""Fits a document into a model; whatever does not fit becomes a problem with its line and its mend."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from settings.misfits import misfit
from settings.problems import Problem, did_you_mean
from settings.wide import MEND
from settings.yaml import Document


class Shape(BaseModel):
    """A piece of configuration. Unknown keys are refused; the values can't be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def wrong(what: str, mend: str) -> PydanticCustomError:
    """What a validator raises; `what` goes on where the name of the key ends."""
    return PydanticCustomError("wrong", "{what}", {"what": what, "mend": mend})


def read(
    model: type[Model],
    document: Document,
    problems: list[Problem],
    at: tuple[str | int, ...] = (),
    **given: Any,
) -> Model | None:
    """The part of `document` at `at` as a `model`; None where it doesn't fit, and `problems` grows.

    `given` are values that an admin doesn't write there, such as the name under which the part stands.
    """
    data = document.data
    for step in at:
        data = data[step]
    if not isinstance(data, dict):
        problems += _no_mapping(model, document, at, data, given)
        return None
    for key in sorted(given.keys() & data.keys()):
        keys = model.model_fields.keys() - given.keys()
        problems.append(document.problem(f"'{key}' is not a key here", did_you_mean(key, keys), *at, key))
    try:
        found = model.model_validate(data | given)
    except ValidationError as refusal:
        for problem, trap in misfit(model, document, at, refusal, given.keys()):
            if trap and trap in problems and trap.mend == MEND:
                continue  # written half-width it may be what is wanted there
            problems.append(problem)
            if trap in problems:  # what is wanted there says more than how YAML reads what stands there
                problems.remove(trap)
        return None
    return None if given.keys() & data.keys() else found


def read_each(
    model: type[Model], document: Document, problems: list[Problem], at: tuple[str | int, ...] = ()
) -> dict[str, Model]:
    """Every entry of the mapping at `at`, by its name, which the model has as `name`."""
    data = document.data
    for step in at:
        data = data[step]
    if not isinstance(data, dict):
        problems += _no_mapping(model, document, at, data, {"name": ""})
        return {}
    entries = {name: read(model, document, problems, (*at, name), name=name) for name in data}
    return {name: entry for name, entry in entries.items() if entry}


def _no_mapping(
    model: type[BaseModel], document: Document, at: tuple[str | int, ...], data: Any, given: Mapping[str, Any]
) -> list[Problem]:
    """The one problem of a part that has no keys; none where the file could not be read at all."""
    if data is None and document.problems:
        return []
    here = f"'{at[-1]}'" if at else "this file"
    is_now = "a list" if isinstance(data, list) else "empty" if data is None else "a single value"
    key = next(key for key in model.model_fields if key not in given)
    return [
        document.problem(
            f"{here} is {is_now}, not keys with values", f"write it as '{key}: ...', a key a line", *at
        )
    ]
