"""Whether anything is going on: requests on their way, work outside, tasks that have just been woken."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUIET_TURNS = 12
"""Turns of the event loop without news after which every task is taken to be waiting.

News is whatever wakes a task; from there it takes a task at most a few turns to act or to wait again.
"""


class Activity:
    """Counts work in flight, and beats whenever something happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._working = 0
        self._beats = 0
        self._watchers: set[asyncio.Future[None]] = set()
        self._idle: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    @property
    def beats(self) -> int:
        """How often something has happened so far."""
        return self._beats

    def beat(self) -> None:
        """Something happened; whoever watches looks again."""
        self._beats += 1
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count the block as work in flight. May be used from any thread."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
                self._beats += 1
                woken, self._idle = (self._idle, []) if self._working == 0 else ([], self._idle)
            for loop, idle in woken:
                loop.call_soon_threadsafe(_wake, idle)

    async def settle(self) -> None:
        """Return when nothing is in flight and every task waits for the clock or for somebody outside."""
        quiet = 0
        while quiet < QUIET_TURNS:
            await self._nothing_in_flight()
            before = self._beats
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._beats == before and not self._working else 0

    async def _nothing_in_flight(self) -> None:
        with self._lock:
            if not self._working:
                return
            loop = asyncio.get_running_loop()
            idle: asyncio.Future[None] = loop.create_future()
            self._idle.append((loop, idle))
        await idle

    async def more_than(self, beats: int, within: float) -> bool:
        """Whether something has happened since there were so many `beats`, or does within so many seconds."""
        return await self.until(lambda: self._beats != beats, within)

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        """Whether `true()` became true within so many seconds of real time, looking at every beat."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not true():
            left = deadline - loop.time()
            if left <= 0:
                return False
            watcher: asyncio.Future[None] = loop.create_future()
            self._watchers.add(watcher)
            try:
                await asyncio.wait([watcher], timeout=left)
            finally:
                self._watchers.discard(watcher)
        return True


def _wake(idle: asyncio.Future[None]) -> None:
    if not idle.done():
        idle.set_result(None)
