"""Open or closed."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from ivr.nodes.base import Go, Lead, Move, Node, To, Turn, node


@node("hours")
class Hours(Node):
    """Go one way within the opening hours of that name in calendar.yml, another way outside of them.

    ```yaml
    english-hours:
      hours: foreign-languages
      open: english
      closed: english-closed
    ```
    """

    hours: Annotated[str, Field(examples=["foreign-languages"])]
    open: To
    closed: To

    def enter(self, turn: Turn) -> Move:
        """On, without a word."""
        return Go(self.open if turn.facts.open(self.hours) else self.closed)

    def leads(self) -> Iterator[Lead]:
        """Open, closed."""
        yield Lead(self.open, ("open",))
        yield Lead(self.closed, ("closed",))
