"""A scripted telephone: dials, rings, hears, presses, speaks, hangs up.

phone = Phone(exchange, "+8643188880001")              # in this process, on the carrier's clock
phone = await Phone.connect("http://127.0.0.1:8001", sid, token, "client:kim")

line = await phone.dial("+8643112345")
await line.hears("For English press 2")
await line.press("2")
"""

from collections import deque
from typing import TYPE_CHECKING, Protocol

from carrier.line import DidNotEnd, DidNotHear, Line, Link, NobodyRang
from carrier.model import WITHHELD, Message
from carrier.sounds import Heard

if TYPE_CHECKING:
    from carrier.exchange import Exchange

__all__ = ["DidNotEnd", "DidNotHear", "Heard", "Line", "NobodyRang", "Phone"]


class Wire(Link, Protocol):
    """A link that can also place calls and be taken down."""

    @property
    def connected(self) -> bool: ...

    async def dial(self, to: str, from_: str) -> Line: ...

    async def close(self) -> None: ...


class Phone:
    """A telephone. With an address (client:kim, sip:..., +8243...) it rings when that is called."""

    def __init__(self, exchange: "Exchange | None" = None, address: str | None = None) -> None:
        from carrier.local import Local

        self.address = address
        self.messages: list[Message] = []
        """Text messages that came in."""
        self._incoming: deque[Line] = deque()
        self._wire: Wire
        if exchange is not None:
            self._wire = Local(exchange, address, self._incoming.append, self.messages.append)

    @classmethod
    async def connect(cls, url: str, account_sid: str, token: str, address: str | None = None) -> "Phone":
        """A telephone on a carrier in another process, by WebSocket; it reconnects by itself."""
        from carrier.wire import connect

        phone = cls(None, address)
        phone._wire = await connect(
            url, (account_sid, token), address, phone._incoming.append, phone.messages.append
        )
        return phone

    @property
    def connected(self) -> bool:
        """False while the carrier is away: nothing rings then, and nothing can be done on a call."""
        return self._wire.connected

    async def dial(self, to: str, from_: str | None = None) -> Line:
        """Place a call; without `from_` the number is withheld."""
        return await self._wire.dial(to, from_ or WITHHELD)

    async def rings(self, within: float = 30) -> Line:
        """The next call that comes in and isn't over before it is seen."""
        if not await self._wire.until(self._ringing, within):
            raise NobodyRang(f"nobody rang {self.address or 'this telephone'} within {within:g} s")
        return self._incoming.popleft()

    async def reads(self, text: str, within: float = 30) -> Message:
        """Wait for a text message with `text` in it."""

        def found() -> list[Message]:
            return [one for one in self.messages if text in one.body]

        if not await self._wire.until(lambda: bool(found()), within):
            raise DidNotHear(f'no message with "{text}" came within {within:g} s')
        return found()[0]

    async def close(self) -> None:
        """Hang up and be gone."""
        await self._wire.close()

    def _ringing(self) -> bool:
        while self._incoming and not self._incoming[0].live:
            self._incoming.popleft()
        return bool(self._incoming)
