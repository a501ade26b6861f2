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
    will be called back. With `leave`, a caller who waits may press 1 to go there, and does after the longest
    wait that hotline.yml allows.

    ```yaml
    people:
      queue: people
      say: {zh: 正在为您接通，请稍候。}
      full: message
    ```
    """

    queue: Annotated[str, Field(examples=["people"])]
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    say: Said | None = None
    full: To | None = None
    leave: To | None = None

    def enter(self, turn: Turn) -> Move:
        """The words, and into the queue."""
        return Stop((*turn.speak(self.say), Enqueue(self.queue)), ToQueue(self.queue, self.priority))

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """Where a caller goes who comes back from the queue without a person."""
        match event:
            case Returned("leave") if self.leave:
                return Go(self.leave)
            case Returned() if self.full:
                return Go(self.full, turn.text("queue-full"))
            case Returned():
                return Stop((*turn.text("queue-full"), *turn.text("goodbye"), HangUp()), End("failed"))
            case _:
                return None

    def leads(self) -> Iterator[Lead]:
        """Full, and left."""
        if self.full:
            yield Lead(self.full, ("full",))
        if self.leave:
            yield Lead(self.leave, ("leave",), silent=False)
