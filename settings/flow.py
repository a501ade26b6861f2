"""What goes wrong between { and }: a text ends at its comma, a ':' without a space is part of a word."""

import re
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import events

from settings.wide import Trap

NO_SPACE = re.compile(r"(?P<key>[A-Za-z0-9_-]+):(?P<value>\S.*)")


def lone(event: Any, lines: Sequence[str]) -> bool:
    """Whether `event` is a word where a key should be, with no ':' behind it."""
    if not isinstance(event, events.ScalarEvent) or event.style or event.anchor:
        return False
    end = event.end_mark
    rest = lines[end.line][end.column :]
    behind = next((line.lstrip() for line in (rest, *lines[end.line + 1 :]) if line.strip()), "")
    return behind.startswith((",", "}"))


def slip(word: str, text: object) -> Trap:
    """What is wrong with the lone `word`; `text` is the value before it."""
    if NO_SPACE.fullmatch(word):
        return f"'{word}' has no space behind its ':'", "write a space behind the ':'"
    if isinstance(text, str):
        return f"the text '{text}' ends at its comma", "put the text in quotes: it has a comma"
    return f"'{word}' has no ':' behind it", "write the key, a ':' and a space, then the value"
