"""The sound of a call for an app that makes and takes it itself, in pieces of 20 ms of μ-law."""

from collections.abc import Callable
from typing import Protocol

from carrier.clock import Clock

PIECE = 160
"""Bytes, one a sample, 8000 a second."""
SECONDS = 0.02
SILENCE = b"\xff" * PIECE
LONGEST = 8000 * 600
"""Bytes that wait to be heard at most; what an app sends beyond ten minutes of sound is lost."""

Take = Callable[[bytes, bytes], None]
"""Gets what the call says and what it hears, piece by piece."""


class Pipe(Protocol):
    """Lets a call hear something. `queued` and `played` count bytes since it was opened."""

    @property
    def queued(self) -> int: ...

    @property
    def played(self) -> int: ...

    def play(self, sound: bytes) -> None: ...

    def clear(self) -> None:
        """What has not been heard yet never is."""

    def close(self) -> None: ...


class SilentPipe:
    """That of a call without a sound: it says silence, and hears for as long as it would take."""

    def __init__(self, clock: Clock, take: Take, begins: Callable[[], None]) -> None:
        self._clock, self._take, self._begins = clock, take, begins
        self.queued = 0
        self.played = 0
        self._timer = clock.call_later(SECONDS, self._tick)

    def play(self, sound: bytes) -> None:
        if self.played == self.queued and sound:
            self._begins()
        self.queued += min(len(sound), LONGEST - (self.queued - self.played))

    def clear(self) -> None:
        self.played = self.queued

    def close(self) -> None:
        self._timer.cancel()

    def _tick(self) -> None:
        self.played = min(self.played + PIECE, self.queued)
        self._timer = self._clock.call_later(SECONDS, self._tick)
        self._take(SILENCE, SILENCE)
