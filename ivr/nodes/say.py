"""Say something and go on."""

from collections.abc import Iterator

from ivr.nodes.base import Go, Lead, Move, Node, Said, To, Turn, node


@node("say")
class Say(Node):
    """Say something and go on.

    ```yaml
    welcome:
      say: {zh: 您好，长春市市长公开电话。}
      then: language
    ```
    """

    say: Said
    then: To

    def enter(self, turn: Turn) -> Move:
        """The words, and on."""
        return Go(self.then, turn.speak(self.say))

    def leads(self) -> Iterator[Lead]:
        """Only `then`."""
        yield Lead(self.then, ("then",))
