"""Ask for digits, such as a ticket number."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from calls.verbs import Gather
from ivr.events import Event, Keys, Silence
from ivr.nodes.asking import Asking
from ivr.nodes.base import PERSON, Go, Lead, Move, Said, Stop, To, Turn, node
from ivr.prompt import Verbs
from settings.shape import wrong

Length = Annotated[int, Field(ge=1, le=30)]


NAME = re.compile("[a-z][a-z_]*")


def _name(name: str) -> str:
    if NAME.fullmatch(name):
        return name
    raise wrong("can't be a name", "use small letters a to z and _, such as number")


@node("collect")
class Collect(Asking):
    """Ask for digits and keep them under the name `into`; later texts say them as {NAME} or {NAME_spoken}.

    The entry ends with the `finish` key, at `at_most` digits, or after `wait` seconds without a key. With
    `confirm` they are read back: 1 is right, 2 is once more. A 0 alone is a person.

    ```yaml
    which-ticket:
      collect: {zh: 请输入十一位工单号，按井号键结束。}
      into: number
      at_least: 11
      at_most: 11
      confirm: {zh: "您输入的是{number_spoken}，正确请按1，重输请按2。"}
      then: ticket-status
    ```
    """

    collect: Said
    into: Annotated[str, AfterValidator(_name), Field(examples=["number"])]
    then: To
    at_least: Length = 1
    at_most: Length = 20
    finish: Literal["#", "*", ""] = "#"
    confirm: Said | None = None

    def question(self, turn: Turn, sorry: Verbs = ()) -> Gather:
        """The digits are asked for or, when there are some, read back."""
        if self.confirm and self.into in turn.place.entered:
            return Gather(sorry + turn.speak(self.confirm), digits=1, timeout=self.wait, finish_on="")
        prompts = sorry + turn.speak(self.collect)
        return Gather(prompts, digits=self.at_most, timeout=self.wait, finish_on=self.finish)

    def enter(self, turn: Turn) -> Move:
        """The question, with what was entered before forgotten."""
        entered = {name: value for name, value in turn.place.entered.items() if name != self.into}
        return Stop((self.question(turn.with_entered(entered)),), entered=entered)

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """Digits that fit are kept, and read back where `confirm` says so."""
        match event:
            case Keys("0"):
                return Go(PERSON)
            case Silence() | Keys(""):
                return self.again(turn, "no-key")
            case Keys(digits) if self.confirm and self.into in turn.place.entered:
                return self.confirmed(turn, digits)
            case Keys(digits) if self.fits(digits):
                return self.keep(turn, digits)
            case Keys():
                return self.again(turn, "wrong-digits")
            case _:
                return None

    def confirmed(self, turn: Turn, key: str) -> Move:
        """1 goes on, 2 asks anew and costs a try, anything else reads the digits back again."""
        if key == "1":
            return Go(self.then)
        if key != "2":
            return self.again(turn, "wrong-key")
        if turn.place.tries + 1 >= self.tries:
            return Go(self.give_up)
        entered = {name: value for name, value in turn.place.entered.items() if name != self.into}
        question = self.question(turn.with_entered(entered))
        return Stop((question,), tries=turn.place.tries + 1, entered=entered)

    def keep(self, turn: Turn, digits: str) -> Move:
        """Keep the digits and go on, or read them back."""
        entered = {**turn.place.entered, self.into: digits}
        if self.confirm is None:
            return Go(self.then, entered=entered)
        question = self.question(turn.with_entered(entered))
        return Stop((question,), tries=turn.place.tries, entered=entered)

    def fits(self, digits: str) -> bool:
        """Whether these are plain digits, as many as asked for."""
        return digits.isascii() and digits.isdigit() and self.at_least <= len(digits) <= self.at_most

    def leads(self) -> Iterator[Lead]:
        """The digits lead on; none lead to giving up."""
        yield Lead(self.then, ("then",), key="…", silent=False)
        yield Lead(self.give_up, ("give_up",))
