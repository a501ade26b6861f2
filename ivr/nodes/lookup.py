"""Read out the status of the caller's ticket."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from ivr.events import Event, Found
from ivr.nodes.base import Go, Lead, Move, Node, Said, Stop, To, Turn, node
from ivr.prompt import Prompt
from ivr.wants import Ask

STATES = ("open", "accepted", "call-back", "closed")  # of a ticket


@node("lookup")
class Lookup(Node):
    """Look for the ticket whose number was entered under that name and read out its state.

    Only the caller's own tickets are found; any other number leads to `missing`. The texts may say
    {ticket_spoken}.

    ```yaml
    ticket-status:
      lookup: number
      say: {zh: "工单{ticket_spoken}："}
      states:
        open: {zh: 已登记。}
        accepted: {zh: 正在办理。}
        call-back: {zh: 我们会给您回电。}
        closed: {zh: 已办结。}
      then: anything-else
      missing: no-such-ticket
    ```
    """

    lookup: Annotated[str, Field(examples=["number"])]
    say: Said | None = None
    states: Annotated[
        dict[str, Prompt], Field(examples=[{"open": {"zh": "已登记。", "en": "is registered."}}])
    ]
    then: To
    missing: To

    def enter(self, turn: Turn) -> Move:
        """The question to the switchboard."""
        number = turn.place.entered.get(self.lookup)
        return Stop((), Ask(number)) if number else Go(self.missing)

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """The state of the ticket, or on to `missing`."""
        match event:
            case Found(values):
                return self.tell(turn, values) if values else Go(self.missing)
            case _:
                return None

    def tell(self, turn: Turn, values: Mapping[str, str]) -> Move:
        """The words before, then those of the state."""
        told = turn.with_found(values)
        state = self.states.get(values.get("state", ""))
        return Go(self.then, told.speak(self.say) + told.speak(state))

    def leads(self) -> Iterator[Lead]:
        """Found, missing."""
        yield Lead(self.then, ("then",))
        yield Lead(self.missing, ("missing",))

    def prompts(self) -> Iterator[tuple[tuple[str, ...], Prompt]]:
        """The words before, and those of each state."""
        yield from super().prompts()
        for state, prompt in self.states.items():
            yield ("states", state), prompt
