"""Wait for a person."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from calls.verbs import Enqueue, HangUp
from ivr.events import Event, Returned
from ivr.nodes.base import Go, Lead, Move, Node, Said, Stop, To, Turn, node
from ivr.wants import End, ToQueue


@node("queue")
class Queue(Node):
    """Wait in a queue of queues.yml for a person; a higher `priority` is served first.

    Where the queue is full or out of order the caller goes to `full`, and without one hears an apology and
    will be called back. Where it is closed, by its hours in queues.yml or by a supervisor, the caller hears
    that and goes to `closed`, else to `full`; so do those who wait when a supervisor closes it. With `leave`,
    a caller who waits may press 1 to go there, and does after the longest wait that queues.yml or hotline.yml
    allows.

    ```yaml
    people:
      queue: people
      say: {zh: 正在为您接通，请稍候。}
      full: message
      closed: message
    ```
    """

    queue: Annotated[str, Field(examples=["people"])]
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    say: Said | None = None
    full: To | None = None
    closed: To | None = None
    leave: To | None = None

    def enter(self, turn: Turn) -> Move:
        """The words, and into the queue; past it where nobody may wait there now."""
        match turn.facts.queue(self.queue, turn.place.language):
            case "closed":
                return self._past(turn, "queue-closed", self.closed or self.full)
            case "full":
                return self._past(turn, "queue-full", self.full)
        return Stop((*turn.speak(self.say), Enqueue(self.queue)), ToQueue(self.queue, self.priority))

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """Where a caller goes who comes back from the queue without a person."""
        match event:
            case Returned("leave") if self.leave:
                return Go(self.leave)
            case Returned("closed"):
                return self._past(turn, "queue-closed", self.closed or self.full)
            case Returned():
                return self._past(turn, "queue-full", self.full)
            case _:
                return None

    def _past(self, turn: Turn, why: str, to: To | None) -> Move:
        """Told why, and on; where that leads nowhere, to an apology and the end."""
        if to is not None:
            return Go(to, turn.text(why))
        return Stop((*turn.text(why), *turn.text("goodbye"), HangUp()), End("failed"))

    def leads(self) -> Iterator[Lead]:
        """Full, closed, and left."""
        if self.full:
            yield Lead(self.full, ("full",))
        if self.closed:
            yield Lead(self.closed, ("closed",))
        if self.leave:
            yield Lead(self.leave, ("leave",), silent=False)
