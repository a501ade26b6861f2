"""A call that waits in a queue, and what may end its wait."""

from dataclasses import dataclass
from datetime import datetime

from carrier.box import Box
from carrier.bridge import Bridge
from carrier.leg import Leg
from carrier.model import Member, Queue, Request
from carrier.registry import Ending


@dataclass(frozen=True)
class Fetched:
    """Another call took this one out by <Dial><Queue>: hear the whisper, then talk on the bridge."""

    bridge: Bridge
    whisper: Request | None


@dataclass
class Waiting:
    """A call in a queue; the box gets what ends its wait."""

    leg: Leg
    queue: Queue
    member: Member
    box: Box[Fetched | Ending]
    result: str = ""
    """QueueResult, once it is known."""
    left: datetime | None = None
    done: bool = False
    """Whether the <Enqueue> goes on by itself, uninterrupted."""

    def seconds(self, now: datetime) -> int:
        """QueueTime: how long it has waited, or did."""
        return int(((self.left or now) - self.member.date_enqueued).total_seconds())
