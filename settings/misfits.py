"""What does not fit a model, in the words of whoever wrote the file."""

import json
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticUndefined

from settings.languages import HELLO
from settings.problems import Problem, did_you_mean
from settings.traps import trap_in, value_of
from settings.yaml import Document

At = tuple[str | int, ...]

# How pydantic names what it wants, and how a person would.
WANTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
    "dict": "keys with values",
    "model": "keys with values",
    "date": "a date",
}


def misfit(
    model: type[BaseModel], document: Document, at: At, refusal: ValidationError, given: Collection[str]
) -> Iterator[tuple[Problem, Problem | None]]:
    """A problem for each of pydantic's errors, with the trap that the same value is.

    A key that is only misspelled is not also called missing.
    """
    errors = refusal.errors(include_url=False)
    unknown = [str(error["loc"][-1]) for error in errors if error["type"] == "extra_forbidden"]
    for error in errors:
        if error["type"] == "missing" and get_close_matches(str(error["loc"][-1]), unknown, n=1):
            continue
        if error["type"] == "too_short" and _within(error, errors):
            continue  # it has entries, only none that is right
        loc = tuple(step for step in error["loc"] if step != "[key]")
        loc = loc if loc[0] not in given else ()
        owner, field, within = _place(model, loc)
        example = _example((*at, *loc), _inside(_fitting(field), within))
        what, mend = _words(error, (*at, *loc), owner, field, example, given)
        yield document.problem(what, mend, *at, *loc), document.node(*at, *loc).trap


def _within(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether something is wrong inside the place of `error` too."""
    loc = error["loc"]
    return any(other["loc"][: len(loc)] == loc and other["loc"] != loc for other in errors)


def _words(
    error: ErrorDetails,
    at: At,
    owner: type[BaseModel] | None,
    field: FieldInfo | None,
    example: str,
    given: Collection[str],
) -> tuple[str, str]:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "wrong":
        return f"{_name(at)} {context['what']}", context["mend"]
    if kind == "extra_forbidden":
        keys = owner.model_fields.keys() - set(given) if owner else ()
        return f"'{at[-1]}' is not a key of {_name(at[:-1])}", did_you_mean(str(at[-1]), keys)
    if kind == "missing":
        return f"{_name(at[:-1])} has no '{at[-1]}'", f"add {example}"
    if value is None or kind == "too_short":
        return f"{_name(at)} is empty", f"write {example}"
    if kind == "literal_error" and field:
        return f"{_name(at)} can't be {as_yaml(value)}", did_you_mean(
            str(value), map(str, get_args(field.annotation))
        )
    if kind == "string_type" and isinstance(value, int | float) and not isinstance(value, bool):
        like = str(field.examples[0]) if field and field.examples else ""
        mend = f'write it like "{like}"' if like.startswith("+") else f'write "{value}" in quotes'
        return f"{_name(at)} is the number {value} and must be text", mend
    if wanted := WANTED.get(kind.split("_")[0]):
        return f"{_name(at)} must be {wanted}, not {as_yaml(value)}", f"write {example}"
    said = error["msg"].removeprefix("Input should ").replace("be greater than or equal to", "be at least")
    said = said.replace("be less than or equal to", "be at most")
    return f"{_name(at)} must {said}, not {as_yaml(value)}", f"write {example}"


def _name(at: At) -> str:
    """What a person calls the place: 'label' of 'people'."""
    if not at:
        return "this file"
    here = f"entry {at[-1] + 1}" if isinstance(at[-1], int) else f"'{at[-1]}'"
    return f"{here} of {_name(at[-2:-1])}" if len(at) > 1 else here


def _example(at: At, value: Any) -> str:
    """`value` at the place, as it would be written: behind its key, or as an item of a list."""
    key = at[-1] if at else ""
    return f"- {as_yaml(value)}" if isinstance(key, int) else f"{key}: {as_yaml(value)}"


def _inside(example: Any, within: At) -> Any:
    """What stands in `example` at the place, or beside it where the place has another name."""
    for step in within:
        if isinstance(example, dict):
            by_name = {str(key): value for key, value in example.items()}
            example = by_name.get(str(step), next(iter(by_name.values()), "..."))
        elif isinstance(example, list | tuple):
            example = next(iter(example), "...")
        if step in HELLO and isinstance(example, str):
            example = HELLO[str(step)]
    return example


def _fitting(field: FieldInfo | None) -> Any:
    """A value that fits `field`: its example, else its default."""
    if field is None:
        return "..."
    for examples in (field.examples, *_examples_in(field.annotation)):
        if examples:
            return examples[0]
    return "..." if field.default in (PydanticUndefined, None) else field.default


def _examples_in(kind: Any) -> Iterator[list[Any] | None]:
    """The examples of the kinds that `kind` is made of, as in `Text | None`."""
    for part in get_args(kind):
        if isinstance(part, FieldInfo):
            yield part.examples
        elif get_origin(kind) in (Annotated, Union, UnionType):
            yield from _examples_in(part)


def as_yaml(value: Any) -> str:
    """`value` as it would be written in a file, on one line, cut where it is long."""
    text = _flow(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and (value_of(value) != value or trap_in(value) or not value[0].isalnum()):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _place(model: type[BaseModel], loc: At) -> tuple[type[BaseModel] | None, FieldInfo | None, At]:
    """The model that the last step of `loc` stands in, the field it belongs to, and the way within that."""
    kind: Any = model
    owner, field, within = None, None, 0
    for number, step in enumerate(loc, 1):
        kind = _bare(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            owner, field, within = kind, kind.model_fields.get(str(step)), number
            kind = field.annotation if field else None
        else:
            kind = next(reversed([part for part in get_args(kind) if part is not Ellipsis]), None)
    return owner, field, loc[within:]


def _bare(kind: Any) -> Any:
    """The kind without its annotations, and without its `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    parts = [part for part in get_args(kind) if part is not type(None)]
    return _bare(parts[0]) if len(parts) == 1 and type(None) in get_args(kind) else kind
