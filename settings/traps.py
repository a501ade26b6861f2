"""Where YAML reads something else than what an admin wrote: the values, and the lines, that fool people."""

import math
import re
from collections.abc import Iterator

from settings.wide import QUOTED, Trap, wide_word

Scalar = str | int | float | bool | None

NULLS = {"", "~", "null", "Null", "NULL"}
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
OLD_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}

WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
FRACTION = re.compile(r"-?([0-9]+\.[0-9]*|\.[0-9]+)")
PLUS_NUMBER = re.compile(r"\+[0-9][0-9_ -]*")
CLOCK = re.compile(r"[-+]?[1-9][0-9]*(:[0-5]?[0-9])+")
LEADING_ZERO = re.compile(r"0[0-9]+")

BARE_KEY = re.compile(r"(?P<before>^\s*|[{,]\s*)(?P<sign>[*#])(?=\s*:(\s|$))")
BARE_VALUE = re.compile(r"(?P<before>:\s+|^\s*-\s+)(?P<sign>[*#])(?=\s*($|[,}\]]))")


def value_of(text: str) -> Scalar:
    """What an unquoted `text` means: nothing, true or false, a number, or the text itself."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if FRACTION.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def trap_in(text: str) -> Trap | None:
    """What is wrong with `text` standing there without quotes, if anything is."""
    quote = f'write "{text}" in quotes'
    if PLUS_NUMBER.fullmatch(text):
        return f"{text} without quotes is a number and loses its plus", quote
    if CLOCK.fullmatch(text):
        return f"{text} without quotes is the number {_sixties(text)}", quote
    if LEADING_ZERO.fullmatch(text):
        return f"{text} without quotes is the number {_octal(text)}", quote
    if meant := OLD_BOOLEANS.get(text.lower()):
        return f"{text} without quotes is {meant}, not a word", f"{quote}, or write {meant} if that is meant"
    return wide_word(text)


def _sixties(text: str) -> int:
    sign, total = (-1 if text[0] == "-" else 1), 0
    for part in text.lstrip("+-").split(":"):
        total = total * 60 + int(part)
    return sign * total


def _octal(text: str) -> int:
    return int(text, 8 if set(text) <= set("01234567") else 10)


def bare_signs(line: str) -> Iterator[str]:
    """Each `*` and `#` in `line` that is meant as a telephone key and that YAML takes for something else."""
    unquoted = QUOTED.sub(lambda found: "q" * len(found[0]), line)
    for pattern in (BARE_KEY, BARE_VALUE):
        for found in pattern.finditer(unquoted):
            yield found["sign"]


def with_quotes(line: str) -> str:
    """`line` with its bare `*` in quotes, so that reading can go on behind it."""
    for pattern in (BARE_KEY, BARE_VALUE):
        line = pattern.sub(r'\g<before>"\g<sign>"', line)
    return line


def sign_trap(sign: str) -> Trap:
    """What is wrong with a bare `sign`."""
    does = "points to another place in the file" if sign == "*" else "starts a comment"
    return f"{sign} without quotes {does}, it is not the key {sign}", f'write "{sign}" in quotes'


def cut_trap(text: str) -> Trap:
    """What is wrong with a comment right behind `text`, which is said to callers."""
    heard = text if len(text) <= 40 else f"…{text[-39:]}"
    what = f"the # behind '{heard}' starts a comment, so callers don't hear the rest of the line"
    return what, "put the text in quotes; a comment goes on a line of its own"
