"""What a caller is told and asked, in words every room shares; `telephony` writes them as TwiML.

A verb is a value: it knows no carrier and no URL. Times are in seconds.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """Speak `text`, which is written in `language` (zh, en, ja, ko, ru)."""

    text: str
    language: str


@dataclass(frozen=True)
class Play:
    """Play the recording at `url`, which the carrier can reach."""

    url: str


@dataclass(frozen=True)
class Pause:
    """Say nothing for `seconds`."""

    seconds: int = 1


Prompt = Say | Play | Pause


@dataclass(frozen=True)
class Gather:
    """Ask for keys. `digits` ends the entry by count (None: only `finish_on` or `timeout` ends it).

    Keys, or the silence of a caller who presses none within `timeout`, come back as the next step.
    """

    prompts: tuple[Prompt, ...]
    digits: int | None = 1
    timeout: int = 5
    finish_on: str = "#"


@dataclass(frozen=True)
class Enqueue:
    """Wait in `queue` for a person."""

    queue: str


@dataclass(frozen=True)
class Leave:
    """Give up waiting: only while waiting in a queue; the call goes on where it came from."""


@dataclass(frozen=True)
class Record:
    """Record a message: `seconds` long at most, ended by `silence` seconds of quiet or any key."""

    seconds: int = 180
    silence: int = 5


@dataclass(frozen=True)
class Dial:
    """Hand the call over to the telephone `number` (E.164, or a short code such as 110)."""

    number: str
    timeout: int = 30


@dataclass(frozen=True)
class Join:
    """Talk in the conference named `conference` under `label`; with `music` until somebody else is there."""

    conference: str
    label: str
    music: bool = False


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Verb = Say | Play | Pause | Gather | Enqueue | Leave | Record | Dial | Join | HangUp
