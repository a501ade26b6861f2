"""Hand the call over to another number."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from calls.verbs import Dial, HangUp
from ivr.events import Event, Transferred
from ivr.nodes.base import PERSON, Go, Lead, Move, Node, Said, Stop, To, Turn, node
from ivr.wants import End, ToNumber
from settings.shape import wrong
from settings.words import possible_number

SHORT = re.compile(r"[0-9]{3,15}")  # as it is dialled here
LIKE = 'write its digits in quotes, such as "110" or "+8643112345"'


def _number(value: Any) -> Any:
    """110 is a number to YAML and a telephone number to people."""
    number = str(value)
    if isinstance(value, str) and re.fullmatch(r"\+[0-9]+", number):
        return possible_number(number)
    if isinstance(value, str | int) and SHORT.fullmatch(number):
        return number
    raise wrong(f"is '{value}', which is no telephone number", LIKE)


Number = Annotated[str, BeforeValidator(_number)]


@node("transfer")
class Transfer(Node):
    """Hand the call over to another number; nobody there leads to `if_fails`, a person by default.

    ```yaml
    police:
      transfer: 110
      say: {zh: 正在为您转接110。}
      if_fails: urgent
    ```
    """

    transfer: Annotated[Number, Field(examples=["110"])]
    say: Said | None = None
    if_fails: To = PERSON
    ring: Annotated[int, Field(ge=5, le=600)] = 30  # seconds

    def enter(self, turn: Turn) -> Move:
        """The words, and the other number rings."""
        said = turn.speak(self.say) if self.say else turn.text("transferring")
        return Stop((*said, Dial(self.transfer, self.ring)), ToNumber(self.transfer))

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """The end of the call, or the way on where nobody answered."""
        match event:
            case Transferred("completed" | "answered"):
                return Stop((HangUp(),), End("transferred"))
            case Transferred():
                return Go(self.if_fails)
            case _:
                return None

    def leads(self) -> Iterator[Lead]:
        """Only where it fails."""
        yield Lead(self.if_fails, ("if_fails",))
