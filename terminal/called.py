"""A citizen's telephone in the terminal that the hotline calls back."""

import asyncio
from contextlib import suppress

from carrier.phone import Line, NobodyRang, Phone
from terminal.dialpad import DialPad
from terminal.keys import END, Keys
from terminal.saving import Notes
from terminal.screen import Screen

LONG = 3600.0


class Called:
    """Waits for calls that come in, until somebody leaves."""

    def __init__(self, phone: Phone, screen: Screen, keys: Keys) -> None:
        self._phone, self._screen, self._keys = phone, screen, keys

    async def stay(self) -> None:
        """Ring for every call, and be a telephone for those that are accepted."""
        while (line := await self._rung()) is not None:
            if await self._accepts(line):
                await DialPad(line, self._screen, Notes(None)).use(self._keys)

    async def _rung(self) -> Line | None:
        """The next call; None when the one at the telephone leaves before it."""
        self._screen.line("you stay at the telephone; h leaves", "call")
        ringing = asyncio.create_task(self._next())
        leaving = asyncio.create_task(self._key("h", END))
        try:
            await asyncio.wait([ringing, leaving], return_when=asyncio.FIRST_COMPLETED)
            return ringing.result() if ringing.done() else None
        finally:
            for task in (ringing, leaving):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _next(self) -> Line:
        while True:
            with suppress(NobodyRang):
                return await self._phone.rings(LONG)

    async def _accepts(self, line: Line) -> bool:
        self._screen.line("your telephone rings: a accepts, d declines", "call")
        over = asyncio.create_task(line.ends(LONG))
        pressing = asyncio.create_task(self._key("a", "d", "h", END))
        try:
            await asyncio.wait([over, pressing], return_when=asyncio.FIRST_COMPLETED)
            if not pressing.done():
                self._screen.line("it has stopped ringing", "call")
                return False
            if pressing.result() == "a":
                await line.answer()
                return True
            await line.decline()
            return False
        finally:
            for task in (over, pressing):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _key(self, *wanted: str) -> str:
        """The next key that is one of these. The end of a pipe is none: a signal still leaves."""
        while True:
            key = await self._keys.next()
            if key in wanted and not (key == END and self._keys.piped):
                return key
