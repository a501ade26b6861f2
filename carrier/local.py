"""A telephone in the same process as the exchange."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from carrier.leg import Leg
from carrier.line import Line
from carrier.model import Message
from carrier.sounds import Heard

if TYPE_CHECKING:
    from carrier.exchange import Exchange


class Earpiece:
    """What the exchange tells a line."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self.line: Line | None = None
        self._beat = beat

    def heard(self, heard: Heard) -> None:
        if self.line is not None:
            self.line.heard.append(heard)
        self._beat()

    def answered(self) -> None:
        if self.line is not None:
            self.line.status = "in-progress"
        self._beat()

    def ended(self, status: str) -> None:
        if self.line is not None:
            self.line.status = status
        self._beat()


class Local:
    """Rings and acts without a network."""

    def __init__(
        self,
        exchange: "Exchange",
        address: str | None,
        ring: Callable[[Line], None],
        text: Callable[[Message], None],
    ) -> None:
        self._exchange = exchange
        self._address = address
        self._ring = ring
        self._text = text
        self._lines: list[Line] = []
        if address is not None:
            exchange.register(address, self)

    def rings(self, leg: Leg) -> Earpiece:
        earpiece = Earpiece(self._exchange.clock.activity.beat)
        earpiece.line = self._keep(leg, "ringing")
        self._ring(earpiece.line)
        self._exchange.clock.activity.beat()
        return earpiece

    def texted(self, message: Message) -> None:
        self._text(message)

    @property
    def connected(self) -> bool:
        return True

    async def dial(self, to: str, from_: str) -> Line:
        earpiece = Earpiece(self._exchange.clock.activity.beat)
        leg = self._exchange.dial(earpiece, to, from_)
        earpiece.line = self._keep(leg, leg.call.status)
        return earpiece.line

    async def act(self, sid: str, deed: str, words: str = "", language: str = "") -> None:
        self._exchange.act(sid, deed, words, language)

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        return await self._exchange.clock.until(true, within)

    async def close(self) -> None:
        if self._address is not None:
            self._exchange.unregister(self._address, self)
        for line in self._lines:
            if line.live:
                await line.hang_up()

    def _keep(self, leg: Leg, status: str) -> Line:
        line = Line(self, leg.call.sid, leg.call.from_, leg.call.to, status, leg.parameters)
        self._lines.append(line)
        return line
