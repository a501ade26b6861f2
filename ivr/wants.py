"""What the menu wants of the switchboard; the verbs of the step already hold the carrier's part of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToQueue:
    """Let the caller wait in `queue` for a person; a higher `priority` is served first."""

    queue: str
    priority: int = 0


@dataclass(frozen=True)
class ToRecorder:
    """Record a message; `Recorded` is the next event."""


@dataclass(frozen=True)
class ToNumber:
    """Hand the call over to `number`; `Transferred` is the next event."""

    number: str


@dataclass(frozen=True)
class Ask:
    """Look for the caller's ticket `number` and take the next step with `Found`, in the same breath.

    A step that asks says nothing by itself: what was said on the way is in the verbs and comes first.
    """

    number: str


@dataclass(frozen=True)
class ToCallBack:
    """Call the caller back at `number`, who keeps the place in the queue and is off the line now."""

    number: str


@dataclass(frozen=True)
class End:
    """The call is over once the verbs are spoken. `outcome`: self-service, message, transferred, failed."""

    outcome: str


Want = ToQueue | ToRecorder | ToNumber | Ask | ToCallBack | End
