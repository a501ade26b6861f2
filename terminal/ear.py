"""Shows on the screen what is heard on a line, as it comes."""

import asyncio
from collections.abc import Callable

from carrier.phone import Heard, Line
from terminal.screen import Screen

LOOK = 0.1  # seconds between two looks at the line


class Ear:
    """Listens to one line. `told` is given everything heard, once, after it was shown."""

    def __init__(
        self, line: Line, screen: Screen, told: Callable[[Heard], None] = lambda heard: None
    ) -> None:
        self.line = line
        self._screen = screen
        self._told = told
        self._shown = 0
        self._status = ""

    def show(self) -> None:
        """What has been heard, and how the call stands, since the last look."""
        if self.line.live and self.line.status != self._status:
            self._status = self.line.status
            self._screen.line(self._status, "call")
        for heard in self.line.heard[self._shown :]:
            self._screen.heard(heard)
            self._told(heard)
        self._shown = len(self.line.heard)
        if self.line.live:
            self._screen.status(f"{self._screen.elapsed:>5}  {self._status}")

    async def listen(self) -> None:
        """Until the call is over."""
        while self.line.live:
            self.show()
            await asyncio.sleep(LOOK)
        self.show()
        self._screen.status("")
