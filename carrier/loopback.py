"""A call from one of the carrier's own numbers to another: the called one is an incoming call there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carrier.dialling import incoming
from carrier.leg import Leg
from carrier.model import Message, Number
from carrier.sounds import KEYS, Heard

if TYPE_CHECKING:
    from carrier.exchange import Exchange

DELAY = 0.1
"""Seconds that a sound is on its way, so that nobody speaks before the line stands."""


class Loop:
    """One end of the loop: what it hears, the other call's telephone says."""

    def __init__(self) -> None:
        self.other: Leg | None = None

    def heard(self, heard: Heard) -> None:
        if self.other is not None:
            self.other.exchange.clock.call_later(DELAY, lambda: self._arrive(heard))

    def _arrive(self, heard: Heard) -> None:
        if self.other is None:
            return
        if heard.kind != "tone":
            self.other.speak(heard.text, heard.language)
        elif heard.text in KEYS:
            self.other.press(heard.text)

    def answered(self) -> None:
        if self.other is not None and self.other.call.status == "ringing":
            self.other.answer()

    def ended(self, status: str) -> None:
        if self.other is not None:
            self.other.hang_up()


@dataclass(frozen=True)
class Loopback:
    """The telephone behind one of the carrier's numbers: the app that answers it."""

    exchange: "Exchange"
    number: Number

    def rings(self, leg: Leg) -> Loop:
        near, far = Loop(), Loop()
        far.other = leg
        near.other = incoming(self.exchange, far, self.number, leg.call.from_, leg.hops + 1)
        return near

    def texted(self, message: Message) -> None:
        """The carrier's own numbers keep no text messages."""
