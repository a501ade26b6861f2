"""What can happen to a caller who is in the menu."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Arrived:
    """The call has come in: the menu begins."""


@dataclass(frozen=True)
class Keys:
    """The caller pressed `digits`; none at all is the same as silence."""

    digits: str


@dataclass(frozen=True)
class Silence:
    """The caller pressed nothing for as long as the menu waits."""


@dataclass(frozen=True)
class Recorded:
    """The recorder has ended. No `url`, or no `seconds`: the caller said nothing."""

    url: str | None
    seconds: int


@dataclass(frozen=True)
class Transferred:
    """The call to another number is over: completed, answered, busy, no-answer, failed or canceled."""

    status: str


@dataclass(frozen=True)
class Found:
    """What `Ask` was answered: `ticket` and `state` by name, or None: the caller has no such ticket."""

    values: Mapping[str, str] | None


@dataclass(frozen=True)
class Returned:
    """The caller left the queue without a person: `result` is queue-full, leave, error or system-error, or
    closed: the queue was closed while the caller waited in it."""

    result: str


Event = Arrived | Keys | Silence | Recorded | Transferred | Found | Returned
