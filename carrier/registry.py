"""Every verb registers itself here: how it runs, which attributes it knows, what may be nested in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from carrier.detection import Detection
from carrier.model import Callback, Request

if TYPE_CHECKING:
    from carrier.ringing import Talk
    from carrier.script import Script
    from carrier.twiml import Tag

SPEECH_MARKS = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
"""What may be written within <Say> to shape the voice; the silent medium only takes the words."""


class Ending(Enum):
    """How a document ends a call's stay in it."""

    FINISHED = "finished"
    HANGUP = "hangup"
    LEAVE = "leave"
    FAILED = "failed"


Step = Request | Ending | None
"""What comes after a verb: another document, an end, or (None) the next verb."""


@dataclass(frozen=True)
class Target:
    """A telephone that <Dial> rings: its address, what it hears first, and who is told of its call."""

    address: str
    whisper: Request | None = None
    callback: Callback | None = None
    send_digits: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the telephone is told beside the call."""
    detection: Detection | None = None


Run = Callable[["Script", "Tag"], Awaitable[Step]]
ReadTarget = Callable[["Script", "Tag"], Target]
RunTalk = Callable[["Script", "Tag", "Tag", "Talk"], Awaitable[None]]


@dataclass(frozen=True)
class Verb:
    """One verb of TwiML, or a noun: something that has a meaning only within a verb."""

    name: str
    attributes: frozenset[str]
    nests: frozenset[str]
    run: Run | None = None
    answers: bool = True
    """Whether an incoming call is picked up for it."""
    inert: frozenset[str] = frozenset()
    """Attributes that Twilio knows and this carrier does nothing about; whoever writes one is warned."""


VERBS: dict[str, Verb] = {}
TARGETS: dict[str, ReadTarget] = {}
TALKS: dict[str, RunTalk] = {}


def verb(
    name: str, *, attributes: str = "", inert: str = "", nests: str = "", answers: bool = True
) -> Callable[[Run], Run]:
    """Register the decorated function as verb `name`."""

    def register(run: Run) -> Run:
        known, idle = frozenset(attributes.split()), frozenset(inert.split())
        VERBS[name] = Verb(name, known, frozenset(nests.split()), run, answers, idle)
        return run

    return register


def noun(name: str, *, attributes: str = "", inert: str = "", nests: str = "") -> None:
    """Register the shape of a noun."""
    known, idle = frozenset(attributes.split()), frozenset(inert.split())
    VERBS[name] = Verb(name, known, frozenset(nests.split()), inert=idle)


def target(
    name: str, *, attributes: str = "", inert: str = "", nests: str = ""
) -> Callable[[ReadTarget], ReadTarget]:
    """Register the decorated function as the reader of a noun that <Dial> rings."""
    noun(name, attributes=attributes, inert=inert, nests=nests)

    def register(read: ReadTarget) -> ReadTarget:
        TARGETS[name] = read
        return read

    return register


def talk(name: str, *, attributes: str = "", inert: str = "") -> Callable[[RunTalk], RunTalk]:
    """Register the decorated function as what <Dial> does with a noun that is talked in, not rung."""
    noun(name, attributes=attributes, inert=inert)

    def register(run: RunTalk) -> RunTalk:
        TALKS[name] = run
        return run

    return register
