"""Telephone numbers as people write them in a terminal and in written calls."""

import re

WITHHELD = "withheld"
NUMBER = re.compile(r"\+?[0-9]{3,15}")


def number(written: str) -> str:
    """A telephone number without what people write into it: "+86 431-8888" is +864318888."""
    return re.sub(r"[ ()/-]", "", written) if written[:1] in "+0123456789" else written


def is_caller(written: str) -> bool:
    """Whether somebody can call from there: a number, or `withheld`."""
    return written == WITHHELD or bool(NUMBER.fullmatch(number(written)))


def caller_of(written: str) -> str | None:
    """The number that a call comes from; None when it is withheld."""
    return None if written == WITHHELD else number(written)
