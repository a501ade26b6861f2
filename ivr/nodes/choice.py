"""Ask for one key."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from calls.verbs import Gather
from ivr.events import Event, Keys, Silence
from ivr.nodes.asking import Asking
from ivr.nodes.base import PERSON, Go, Lead, Move, Said, Stop, To, Turn, node
from ivr.prompt import Verbs
from settings.shape import wrong


class Goto(BaseModel):
    """Where a key leads: a node, and the language it chooses."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    then: To
    language: str | None = None


def _goto(value: Any) -> Any:
    return {"then": value} if isinstance(value, str) else value


def _key(key: str) -> str:
    if re.fullmatch(r"[0-9*#]", key):
        return key
    raise wrong("is no key of a telephone", 'use one of 0 to 9, "*" and "#"')


Key = Annotated[str, AfterValidator(_key)]
Where = Annotated[Goto, BeforeValidator(_goto)]


@node("choice", key="ask")
class Choice(Asking):
    """Ask for one key. A key that leads to a language chooses it; a caller who chooses none keeps the first.

    A wrong key, or silence, costs a try; no tries left leads to `give_up`, to a person unless it says
    otherwise. With `silence`, a caller who presses nothing goes there at once. 0 is a person.

    ```yaml
    language:
      ask: {zh: 请稍候。, en: "For English, press 2."}
      keys: {2: {language: en, then: english}}
      silence: people
      wait: 2
    ```
    """

    ask: Said
    keys: Annotated[dict[Key, Where], Field(min_length=1, examples=[{1: "people"}])]
    silence: To | None = None

    def question(self, turn: Turn, sorry: Verbs = ()) -> Gather:
        """The question; every key counts, and the first one pressed ends it."""
        return Gather(sorry + turn.speak(self.ask), digits=1, timeout=self.wait, finish_on="")

    def enter(self, turn: Turn) -> Move:
        """The question."""
        return Stop((self.question(turn),))

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """Where the key leads."""
        match event:
            case Keys(digits) if goto := self.keys.get(digits):
                return self.go(turn, goto.then, goto.language)
            case Keys("0"):
                return self.go(turn, PERSON)
            case Silence() | Keys(""):
                return self.go(turn, self.silence) if self.silence else self.miss(turn, "no-key")
            case Keys():
                return self.miss(turn, "wrong-key")
            case _:
                return None

    def miss(self, turn: Turn, sorry: str) -> Move:
        """One try less, or give up; whoever gives up choosing a language keeps the first one."""
        move = self.again(turn, sorry)
        return self.go(turn, move.then) if isinstance(move, Go) else move

    def go(self, turn: Turn, then: str, language: str | None = None) -> Go:
        """On, with the language chosen now or kept."""
        if language is None and not self.chooses_language:
            return Go(then)
        language = language or turn.place.language
        return Go(then, entered={**turn.place.entered, "language": language}, language=language)

    @property
    def chooses_language(self) -> bool:
        """Whether a key chooses a language."""
        return any(goto.language for goto in self.keys.values())

    def leads(self) -> Iterator[Lead]:
        """Each key, then silence or giving up."""
        for key, goto in self.keys.items():
            yield Lead(goto.then, ("keys", key, "then"), key=key, language=goto.language, silent=False)
        yield Lead(self.give_up, ("give_up",), silent=self.silence is None)
        if self.silence:
            yield Lead(self.silence, ("silence",))
