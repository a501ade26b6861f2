"""What goes to and fro on a call: words, keys, tones; and who is at either end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from carrier.box import Box
from carrier.model import Message

if TYPE_CHECKING:
    from carrier.leg import Leg


KEYS = frozenset("0123456789*#ABCD")
"""The keys of a telephone."""


@dataclass(frozen=True)
class Heard:
    """What a telephone hears."""

    text: str
    language: str
    kind: str
    """say, play, voice (somebody speaking) or tone (a key, a beep, ringing)."""
    at: datetime


@dataclass(frozen=True)
class Key:
    """A key that was pressed."""

    key: str


@dataclass(frozen=True)
class Spoken:
    """Words that were spoken, and how long they took."""

    text: str
    seconds: float


@dataclass(frozen=True)
class Quiet:
    """The prompts that were playing have ended."""


Sound = Key | Spoken | Quiet
Ears = Box[Sound]


class Handset(Protocol):
    """The telephone's end of a call."""

    def heard(self, heard: Heard) -> None: ...

    def answered(self) -> None: ...

    def ended(self, status: str) -> None: ...


class Telephone(Protocol):
    """Something that rings."""

    def rings(self, leg: "Leg") -> Handset: ...

    def texted(self, message: Message) -> None: ...


class Audience(Protocol):
    """Whoever a call talks with: who hears it, and who is told of its keys and words."""

    def others(self, leg: "Leg") -> Iterable["Leg"]: ...

    def hears(self, leg: "Leg") -> bool:
        """Whether a recording of the whole talk has what `leg` says."""

    def pressed(self, leg: "Leg", key: str) -> None: ...

    def spoke(self, leg: "Leg", seconds: float) -> None: ...
