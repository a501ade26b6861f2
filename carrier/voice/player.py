"""What a line lets its browser hear, beside the voices of others."""

import asyncio

import numpy as np
from numpy.typing import NDArray

from carrier.speech.pcm import Samples

RATE = 8000
"""Samples a second: what a telephone carries."""
TICK = 0.02
"""Seconds of sound that are mixed at once."""
FRAME = int(RATE * TICK)
LONGEST = 600.0
"""Seconds that wait to be heard at most: what comes beyond is lost."""


class Player:
    """Plays one sound after another; the players of a line are heard at once."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._most = int(longest * RATE) * 2
        self._sound = bytearray()
        self._silent = asyncio.Event()
        self._silent.set()
        self.queued = self.played = 0
        """Samples that were given to be heard, and that were, or were stopped."""

    def play(self, samples: Samples) -> None:
        """Let this be heard, after whatever is heard already."""
        sound = samples.tobytes()[: self._most - len(self._sound)]
        self._sound += sound
        self.queued += len(sound) // 2
        if sound:
            self._silent.clear()

    def stop(self) -> None:
        """Nothing more of it is heard."""
        self._sound.clear()
        self.played = self.queued
        self._silent.set()

    async def over(self) -> None:
        """Return when all of it was heard, or stopped: a machine that lags takes longer over it."""
        await self._silent.wait()

    def add_to(self, total: NDArray[np.int32]) -> None:
        """Add the next piece to what is heard in this tick."""
        if not self._sound:
            return
        piece = np.frombuffer(bytes(self._sound[: len(total) * 2]), np.int16)
        total[: len(piece)] += piece
        del self._sound[: len(total) * 2]
        self.played += len(piece)
        if not self._sound:
            self._silent.set()
