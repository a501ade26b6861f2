"""What the nodes that ask for keys share: tries, sorry, and the person who is there when none are left."""

from typing import Annotated

from pydantic import Field

from calls.verbs import Gather
from ivr.nodes.base import PERSON, Go, Move, Node, Stop, To, Turn
from ivr.prompt import Verbs

Seconds = Annotated[int, Field(ge=1, le=60)]
Tries = Annotated[int, Field(ge=1, le=9)]


class Asking(Node):
    """A node that waits for keys. A wrong key, or silence, costs a try; no tries left leads to `give_up`."""

    give_up: To = PERSON
    tries: Tries = 3
    wait: Seconds = 5  # after the last word

    def question(self, turn: Turn, sorry: Verbs = ()) -> Gather:
        """What is asked, after an apology."""
        raise NotImplementedError

    def again(self, turn: Turn, sorry: str) -> Move:
        """Ask again, sorry for what `sorry` names in texts.yml, or give up."""
        tries = turn.place.tries + 1
        if tries >= self.tries:
            return Go(self.give_up)
        return Stop((self.question(turn, turn.text(sorry)),), tries=tries)
