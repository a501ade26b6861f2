"""A person's telephone in the terminal: keys go in, what is heard comes out."""

import asyncio
from contextlib import suppress

from carrier.phone import Heard, Line
from terminal.ear import Ear
from terminal.keys import END, PHONE_KEYS, SPEAK, Keys
from terminal.saving import Notes
from terminal.screen import Screen

GLANCE = 0.05  # seconds
HALF_A_SECOND = 0.5  # what a w in a pipe waits


class DialPad:
    """Joins the keys of a person, the screen, and a line. Everything goes into the notes, too."""

    def __init__(self, line: Line, screen: Screen, notes: Notes) -> None:
        self._line = line
        self._screen = screen
        self._notes = notes
        self._ear = Ear(line, screen, self._note)
        self.hung_up = False

    async def use(self, keys: Keys) -> None:
        """Until the call is over, whoever ends it."""
        pressing = asyncio.create_task(self._press(keys))
        try:
            await self._ear.listen()
        finally:
            pressing.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):  # without a carrier the call has failed
                await pressing
        who = "you hung up" if self.hung_up else "the call has ended"
        self._screen.line(f"{who} ({self._line.status})", "call")
        self._notes.ended(self._line.status, self.hung_up)

    @property
    def failed(self) -> bool:
        """Whether the call ended by no one's will: it did not get through, or broke off."""
        return not self.hung_up and self._line.status != "completed"

    def _note(self, heard: Heard) -> None:
        if heard.kind != "play":  # music has another address next time
            self._notes.heard(heard.text)

    async def _picked_up(self) -> None:
        """A person presses when there is something to hear; before that a key would be lost."""
        while self._line.live and not self._line.heard:
            await asyncio.sleep(GLANCE)

    async def _press(self, keys: Keys) -> None:
        while True:
            key = await keys.next()
            self._ear.show()  # what was heard before the key stands before it
            if key == END and keys.piped:
                continue  # the pipe has ended, the call goes on: a signal still hangs it up
            if key in ("h", END):
                self.hung_up = True
                await self._line.hang_up()
            elif key.startswith(SPEAK):
                self._screen.line(f"“{key[1:]}”", "you")
                self._notes.spoke(key[1:])
                await self._line.speak(key[1:])
            elif key in PHONE_KEYS:
                if keys.piped:
                    await self._picked_up()
                self._screen.line(key, "key")
                self._notes.pressed(key)
                await self._line.press(key)
            elif key == "w" and keys.piped:
                await asyncio.sleep(HALF_A_SECOND)
