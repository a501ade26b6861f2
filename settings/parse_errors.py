"""YAML's own complaints, in the words of somebody who edits a menu."""

from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from settings.problems import Problem
from settings.wide import Trap

QUOTES = "put the whole text in quotes"
TWICE = "put the whole text in quotes of the other kind; inside '...' a ' is written twice"
# (part of what YAML says, whether the line is where the trouble begins, what is wrong, its mend)
WORDS = (
    (
        "found unexpected end of stream",
        True,
        "a quote is opened here and never closed",
        "close it, with the same quote it was opened with",
    ),
    (
        "mapping values are not allowed here",
        False,
        "a ':' stands where none can be",
        f"{QUOTES} if the ':' belongs to it; else look for a missing ':' in the line above",
    ),
    (
        "could not find expected ':'",
        True,
        "this line has no ':' after its key",
        "write the key, a ':' and a space, then the value",
    ),
    (
        "expected <block end>, but found",
        False,
        "this line does not fit the lines above it",
        "begin keys that belong together in the same column, and put text that begins with { [ or a quote "
        "in quotes as a whole",
    ),
    (
        "expected ',' or",
        True,
        "a { or [ is opened here and not closed, or a ',' is missing behind it",
        "write { and } or [ and ] in pairs, with a ',' between the entries",
    ),
    (
        "expected the node content",
        True,
        "a { or [ is opened here and not closed",
        "write { and } or [ and ] in pairs, with a ',' between the entries",
    ),
    ("that cannot start any token", False, "text can't begin with this sign", QUOTES),
    (
        "found unknown escape character",
        False,
        "a \\ in double quotes means something else to YAML",
        "use single quotes",
    ),
    ("expected alphabetic or numeric character", False, "text can't begin with * or &", QUOTES),
)


def explain(error: MarkedYAMLError, lines: list[str], file: str, quoted: Any = None) -> Problem:
    """The problem that `error` stands for, at the line a person would look at.

    `quoted` is the text in quotes that was read last.
    """
    if quoted and (wrong := _behind_quotes(error, lines, quoted)):
        return Problem(file, quoted.start_mark.line + 1, *wrong)
    if _at_tab(error, lines):
        return Problem(file, _line(error.problem_mark, lines), "a tab stands before a value", "write a space")
    said = f"{error.problem}"
    for part, at_beginning, what, mend in WORDS:
        if part in said:
            mark = (at_beginning and error.context_mark) or error.problem_mark
            return Problem(file, _line(mark, lines), what, mend)
    what = f"YAML can't read this: {said}"
    return Problem(
        file, _line(error.problem_mark, lines), what, "write it as in the other lines, text in quotes"
    )


def _at_tab(error: MarkedYAMLError, lines: list[str]) -> bool:
    mark = error.problem_mark
    return mark is not None and mark.line < len(lines) and lines[mark.line].startswith("\t", mark.column)


def _behind_quotes(error: MarkedYAMLError, lines: list[str], quoted: Any) -> Trap | None:
    """What is wrong with `quoted` where the reading stopped right behind it."""
    begin, end, stop = quoted.start_mark, quoted.end_mark, error.problem_mark
    if stop is None or stop.line != end.line or lines[end.line][end.column : stop.column].strip():
        return None
    if begin.line < end.line:
        what = f"a quote is opened here and closed only by the next one, on line {end.line + 1}"
        return what, "close it, with the same quote it was opened with"
    if stop.column == end.column:
        return "the text goes on behind a quote that closes it", TWICE
    return None


def _line(mark: object, lines: list[str]) -> int:
    """The mark's line, or the last one with text where YAML points behind the end."""
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    return min(int(getattr(mark, "line", 0)) + 1, last)
