"""Open or closed."""

from collections.abc import Iterator

from ivr.nodes.base import Go, Lead, Move, Node, Turn, node


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

    hours: str
    open: str
    closed: str

    def enter(self, turn: Turn) -> Move:
        """On, without a word."""
        return Go(self.open if turn.facts.open(self.hours) else self.closed)

    def leads(self) -> Iterator[Lead]:
        """Open, closed."""
        yield Lead(self.open, ("open",))
        yield Lead(self.closed, ("closed",))
