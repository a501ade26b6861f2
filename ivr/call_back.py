"""The dialogue in which a caller who waits asks to be called back: at which number, and is it right?

It is no node of the menu: it begins in the queue, and leads to the good-bye or back into the queue.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from calls.verbs import Enqueue, Gather, HangUp, Verb
from ivr.events import Event, Keys, Silence
from ivr.nodes.base import Stop
from ivr.place import Place
from ivr.prompt import Verbs
from ivr.step import Step
from ivr.texts import Texts
from ivr.wants import ToCallBack, ToQueue

KEY = "2"  # that asks for a call-back, as the text 'call-back-offer' says
NUMBER = "call_back"  # among what the caller has entered: E.164, or nothing while it is to be keyed in
YOURS = "3"  # that takes the place of a call-back at the caller's number, as the text 'call-back-yours' says
TRIES = 3
LONGEST = 20  # digits of a number


@dataclass(frozen=True)
class Asked:
    """What the dialogue goes by: the queue and priority to go back to, the caller's ticket, and how numbers
    are read (None: it cannot be called) and said, and which get no call-back now."""

    queue: str
    priority: int
    ticket: str
    read: Callable[[str], str | None]
    said: Callable[[str], str]
    refuses: Callable[[str], bool]


def begin(place: Place, number: str | None) -> Place:
    """The dialogue about this number; None: the caller has to key one in."""
    return replace(place, tries=0, entered={**place.entered, NUMBER: number or ""})


def begun(place: Place) -> bool:
    """Whether the caller is in the dialogue."""
    return NUMBER in place.entered


def over(entered: Mapping[str, str]) -> dict[str, str]:
    """What the caller has entered, with the dialogue behind."""
    return {name: value for name, value in entered.items() if name != NUMBER}


def step(texts: Texts, place: Place, event: Event, asked: Asked) -> Step:
    """The next question; good-bye to who has confirmed; back into the queue who has not, after some tries."""
    talk = _Dialogue(texts, place, asked)
    move = talk.answer(event)
    entered = place.entered if move.entered is None else move.entered
    after = replace(place, tries=move.tries, entered=entered, turns=place.turns + 1)
    return Step(move.verbs, after, move.wants, ())


@dataclass(frozen=True)
class _Dialogue:
    texts: Texts
    place: Place
    asked: Asked

    def answer(self, event: Event) -> Stop:
        number = self.place.entered[NUMBER]
        match event:
            case Keys("0"):
                return self.back()
            case Keys("1") if number:
                return self.refused() if self.asked.refuses(number) else self.agreed(number)
            case Keys("2") if number:
                return self.again(number="")
            case Keys(digits) if digits and number:
                return self.again("wrong-key", number)
            case Keys(digits) if digits:
                return self.keyed(digits)
            case Keys() | Silence():
                return self.again("no-key", number)
            case _:
                return self.question(number, self.place.tries)

    def keyed(self, digits: str) -> Stop:
        """Another number, read back if it is one at which there can be a call-back."""
        found = self.asked.read(digits)
        if found is None:
            return self.again("call-back-wrong-number")
        return self.refused() if self.asked.refuses(found) else self.question(found)

    def refused(self) -> Stop:
        """Not at this number, and why 0 is the way out."""
        return self.again("call-back-refused")

    def question(self, number: str, tries: int | None = None, sorry: Verbs = ()) -> Stop:
        """Is it this number? Or, without one: which?"""
        asks: Verb
        if number:
            words = self.text("call-back-confirm", number=self.asked.said(number))
            asks = Gather(sorry + words, digits=1, timeout=8, finish_on="")
        else:
            asks = Gather(sorry + self.text("call-back-number"), digits=LONGEST, timeout=8)
        tries = self.place.tries if tries is None else tries
        return Stop((asks,), tries=tries, entered={**self.place.entered, NUMBER: number})

    def again(self, sorry: str = "", number: str = "") -> Stop:
        """What was not understood costs a try, and so does another number."""
        tries = self.place.tries + 1
        if tries >= TRIES:
            return self.back()
        return self.question(number, tries, self.text(sorry) if sorry else ())

    def agreed(self, number: str) -> Stop:
        """The place is kept, and the line is free."""
        words = self.text("call-back-agreed") + self.text("ticket") + self.text("goodbye")
        return Stop((*words, HangUp()), ToCallBack(number), entered=over(self.place.entered))

    def back(self) -> Stop:
        """On the line, at the same place."""
        words = self.text("call-back-not-agreed")
        wants = ToQueue(self.asked.queue, self.asked.priority)
        return Stop((*words, Enqueue(self.asked.queue)), wants, entered=over(self.place.entered))

    def text(self, name: str, **words: str) -> Verbs:
        return self.texts.say(name, self.place.language, ticket=self.asked.ticket, **words)
