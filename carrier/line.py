"""One call as a scripted telephone has it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from carrier.model import ENDED
from carrier.sounds import KEYS, Heard


class DidNotHear(AssertionError):
    """What was expected wasn't heard; the message says what was."""


class NobodyRang(AssertionError):
    """No call came in."""


class DidNotEnd(AssertionError):
    """The call is still going on."""


class Link(Protocol):
    """What joins a telephone to an exchange."""

    async def act(self, sid: str, deed: str, words: str = "", language: str = "") -> None:
        """answer, decline, press, speak or hang-up."""

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        """Whether `true()` became true within so many seconds of the carrier's time."""


class Line:
    """A call: what has been heard, and what can be done."""

    def __init__(
        self,
        link: Link,
        sid: str,
        from_: str,
        to: str,
        status: str,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self._link = link
        self.sid = sid
        self.from_ = from_
        self.to = to
        self.status = status
        self.parameters = dict(parameters or {})
        """What the app tells a <Client> by <Parameter>."""
        self.heard: list[Heard] = []
        self._next = 0

    def __repr__(self) -> str:
        return f"<Line {self.from_} to {self.to}: {self.status}>"

    @property
    def live(self) -> bool:
        return self.status not in ENDED

    async def answer(self, machine: bool = False) -> None:
        """Pick up; `machine`: as an answering machine does, for an app that has them detected."""
        await self._link.act(self.sid, "answer", "machine" if machine else "")

    async def decline(self) -> None:
        """Turn the call away: the other side finds the line busy."""
        await self._link.act(self.sid, "decline")

    async def press(self, keys: str) -> None:
        wrong = set(keys) - KEYS
        if wrong:
            raise ValueError(f"no telephone has the keys {' '.join(sorted(wrong))}")
        await self._link.act(self.sid, "press", keys)

    async def speak(self, text: str, language: str = "") -> None:
        """Say something: whoever is on the call hears it, or it is recorded."""
        await self._link.act(self.sid, "speak", text, language)

    async def hang_up(self) -> None:
        await self._link.act(self.sid, "hang-up")

    async def hears(self, text: str, within: float = 30) -> Heard:
        """Wait until something with `text` in it is heard, after what was waited for before."""
        await self._link.until(lambda: self._find(text) is not None or not self.live, within)
        found = self._find(text)
        if found is None:
            raise DidNotHear(self._complaint(text, within))
        self._next = found + 1
        return self.heard[found]

    async def ends(self, within: float = 30) -> str:
        """Wait for the call to end; its final status."""
        if not await self._link.until(lambda: not self.live, within):
            raise DidNotEnd(f"the call from {self.from_} to {self.to} has not ended within {within:g} s")
        return self.status

    def _find(self, text: str) -> int | None:
        for at in range(self._next, len(self.heard)):
            if text in self.heard[at].text:
                return at
        return None

    def _complaint(self, text: str, within: float) -> str:
        since = [one.text for one in self.heard[self._next :]]
        heard = "heard " + ", then ".join(f'"{one}"' for one in since) if since else "heard nothing"
        state = f"the call is {self.status}" if self.live else f"the call has ended ({self.status})"
        return f'did not hear "{text}" within {within:g} s; {heard}; {state}'
