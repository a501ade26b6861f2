"""Text that may stand in XML, whatever the caller, the menu or the agent's name holds."""

import re
from functools import lru_cache

# XML 1.0 has no way to write these; what is spoken loses nothing by them.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A parser turns a bare carriage return into a line feed, and in attributes both and tabs into spaces.
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_VALUE = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TEXT = str.maketrans(_IN_TEXT)
_VALUE = str.maketrans(_IN_VALUE)


def legal(text: str) -> str:
    """`text` without the characters that XML can't hold."""
    return _ILLEGAL.sub("", text)


def escaped(text: str) -> str:
    """`text` to stand between two tags."""
    return legal(text).translate(_TEXT)


@lru_cache(4096)  # the same links over and over
def value(text: str) -> str:
    """`text` to stand between an attribute's double quotes."""
    return legal(text).translate(_VALUE)
