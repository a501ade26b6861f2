"""Text as it comes from outside, made fit to be told on."""

import re

HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, as a text cut in the middle of an emoji has it: legal in JSON, in no encoding."""


def whole(text: str) -> str:
    """`text` with a replacement character for every half: it can be stored, sent and shown."""
    return HALF.sub("\ufffd", text)
