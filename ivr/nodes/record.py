"""Leave a message."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from calls.verbs import HangUp
from calls.verbs import Record as Recorder
from ivr.events import Event, Keys, Recorded, Silence
from ivr.nodes.asking import Tries
from ivr.nodes.base import PERSON, Go, Lead, Move, Node, Said, Stop, To, Turn, node
from ivr.wants import End, ToRecorder


@node("record")
class Record(Node):
    """Record a message, thank the caller, and go on, or say good-bye and hang up.

    A caller who says nothing is asked once more; no tries left leads to `give_up`, a person by default.

    ```yaml
    message:
      record: {zh: 请在提示音后留言，讲完后按任意键。}
      seconds: 180
      thanks: {zh: 您的留言已登记。}
    ```
    """

    record: Said
    seconds: Annotated[int, Field(ge=5, le=3600)] = 180
    silence: Annotated[int, Field(ge=1, le=30)] = 5
    thanks: Said | None = None
    then: To | None = None
    give_up: To = PERSON
    tries: Tries = 2

    def recorder(self, turn: Turn, sorry: str | None, tries: int) -> Move:
        """The words before the tone, and the recorder."""
        said = turn.text(sorry) if sorry else ()
        verb = Recorder(self.seconds, self.silence)
        return Stop((*said, *turn.speak(self.record), verb), ToRecorder(), tries)

    def enter(self, turn: Turn) -> Move:
        """The recorder."""
        return self.recorder(turn, None, 0)

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """Thanks for a message; no message is asked for again."""
        match event:
            case Recorded(url, seconds) if url and seconds > 0:
                return self.thank(turn)
            case Recorded() | Silence() | Keys(""):
                tries = turn.place.tries + 1
                return Go(self.give_up) if tries >= self.tries else self.recorder(turn, "no-message", tries)
            case _:
                return None

    def thank(self, turn: Turn) -> Move:
        """Thanks, and on or good-bye."""
        thanks = turn.speak(self.thanks) if self.thanks else turn.text("message-thanks")
        if self.then:
            return Go(self.then, thanks, entered={**turn.place.entered, "message": "yes"})
        return Stop((*thanks, *turn.text("goodbye"), HangUp()), End("message"))

    def leads(self) -> Iterator[Lead]:
        """After the message, and where there is none."""
        if self.then:
            yield Lead(self.then, ("then",), silent=False)
        yield Lead(self.give_up, ("give_up",))
