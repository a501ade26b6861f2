"""What the doctor looks at and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was checked; an error or a warning says how to mend it."""

    level: Literal["fine", "warning", "error"]
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.what}\n    mend: {self.mend}" if self.mend else self.what


def fine(what: str) -> Finding:
    return Finding("fine", what)


def warning(what: str, mend: str) -> Finding:
    return Finding("warning", what, mend)


def error(what: str, mend: str) -> Finding:
    return Finding("error", what, mend)


@dataclass(frozen=True)
class Setup:
    """How this hotline is meant to hang on its carrier. `base` is where the carrier's REST API is."""

    carrier: Literal["local", "twilio"]
    base: str
    public_url: str
    number: str
    account_sid: str
    auth_token: str = field(repr=False)
    emergency: Mapping[str, str] = field(default_factory=dict)

    @property
    def twilio(self) -> bool:
        return self.carrier == "twilio"
