"""The carrier's clock: the real one, and one that stands still until it is moved.

Every wait in the carrier goes through a clock, so that a rehearsal can play a day in a second.
Only the network's own timeouts are real time: an answer that is on its way is on its way for real.
"""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

from carrier.activity import Activity


class Timer(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the carrier asks of a clock. `activity` knows whether anything is going on."""

    activity: Activity

    def now(self) -> datetime: ...

    def call_later(self, seconds: float, then: Callable[[], None]) -> Timer: ...

    async def until(self, true: Callable[[], bool], within: float) -> bool: ...


async def sleep(clock: Clock, seconds: float) -> None:
    """Return when `seconds` have passed on `clock`."""
    woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    timer = clock.call_later(seconds, lambda: None if woken.done() else woken.set_result(None))
    try:
        await woken
    finally:
        timer.cancel()


class RealClock:
    """The time of day."""

    def __init__(self) -> None:
        self.activity = Activity()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def call_later(self, seconds: float, then: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, then)

    async def sleep(self, seconds: float) -> None:
        await sleep(self, seconds)

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        """Whether `true()` became true within so many seconds."""
        return await self.activity.until(true, within)


@dataclass(order=True)
class _Due:
    at: datetime
    turn: int
    then: Callable[[], None] | None

    def cancel(self) -> None:
        self.then = None


@dataclass
class _Waiter:
    true: Callable[[], bool]
    deadline: datetime
    answer: asyncio.Future[bool]


class ManualClock:
    """Time that stands still until somebody waits for something.

    Timers fire one by one, in order, and whatever a timer set off comes to rest before the next one.
    Whoever is waiting acts before time moves on, so a rehearsal plays the same way every time.
    """

    def __init__(self, start: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) -> None:
        self.activity = Activity()
        self._now = start
        self._turns = count()
        self._due: list[_Due] = []
        self._waiters: list[_Waiter] = []
        self._driver: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        return self._now

    def call_later(self, seconds: float, then: Callable[[], None]) -> Timer:
        due = _Due(self._now + timedelta(seconds=max(seconds, 0)), next(self._turns), then)
        heapq.heappush(self._due, due)
        return due

    async def sleep(self, seconds: float) -> None:
        await sleep(self, seconds)

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        """Move time on until `true()`, or until `within` seconds have passed; whether it became true."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(true, self._now + timedelta(seconds=within), answer)
        self._waiters.append(waiter)
        if self._driver is None or self._driver.done():
            self._driver = asyncio.create_task(self._drive())
        try:
            return await answer
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    async def _drive(self) -> None:
        """Move time for as long as anybody waits; a fault is everybody's who waits, never a silent hang."""
        try:
            while self._waiters:
                await self.activity.settle()
                if not self._answer_waiters():
                    self._step()
        except BaseException as fault:
            for waiter in self._waiters:
                if not waiter.answer.done():
                    waiter.answer.set_exception(fault)
            self._waiters.clear()
            raise

    def _answer_waiters(self) -> bool:
        """Tell those whose wait is over; whether there were any (they act before time moves)."""
        over = [(one, one.true()) for one in self._waiters]
        over = [(one, came) for one, came in over if came or self._now >= one.deadline]
        for waiter, came in over:
            self._waiters.remove(waiter)
            if not waiter.answer.done():
                waiter.answer.set_result(came)
        if over:
            self.activity.beat()
        return bool(over)

    def _step(self) -> None:
        """Fire the next timer, or move to the first deadline if that comes sooner."""
        if not self._waiters:
            return
        deadline = min(one.deadline for one in self._waiters)
        while self._due and self._due[0].then is None:
            heapq.heappop(self._due)
        if self._due and self._due[0].at <= deadline:
            due = heapq.heappop(self._due)
            self._now = max(self._now, due.at)
            if due.then is not None:
                due.then()
            self.activity.beat()
        else:
            self._now = max(self._now, deadline)
