"""A letter box: what a waiting task is told, in order, with a wait that goes by the carrier's clock."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

from carrier.clock import Clock

T = TypeVar("T")


class Box(Generic[T]):
    """Anybody may put something in; one task takes it out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._letters: deque[T] = deque()
        self._reader: asyncio.Future[None] | None = None

    def put(self, letter: T) -> None:
        self._letters.append(letter)
        self._clock.activity.beat()
        self._wake()

    def rest(self) -> list[T]:
        """Everything that has come and wasn't read."""
        rest, self._letters = list(self._letters), deque()
        return rest

    async def next(self) -> T:
        """The next letter, however long it takes."""
        while not self._letters:
            await self._wait(None)
        return self._letters.popleft()

    async def get(self, within: float | None) -> T | None:
        """The next letter, or None if none has come within so many seconds."""
        if not self._letters:
            await self._wait(within)
        return self._letters.popleft() if self._letters else None

    async def _wait(self, within: float | None) -> None:
        self._reader = asyncio.get_running_loop().create_future()
        timer = None if within is None else self._clock.call_later(within, self._wake)
        try:
            await self._reader
        finally:
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
