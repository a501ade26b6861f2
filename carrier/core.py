"""The ground that the exchange's parts stand on: its state, its tasks, its alerts."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from carrier.box import Box
from carrier.clock import Clock
from carrier.fetch import Fetcher, FetchFailed
from carrier.ids import new_sid
from carrier.leg import Leg
from carrier.media.silent import Silent
from carrier.model import (
    Account,
    Alert,
    Application,
    Call,
    Callback,
    Conference,
    Message,
    Number,
    Queue,
    Recording,
    Request,
)
from carrier.sounds import Telephone
from carrier.trail import Trail

if TYPE_CHECKING:
    from carrier.call_recording import Taking
    from carrier.exchange import Exchange
    from carrier.room import Room
    from carrier.waiting import Waiting

T = TypeVar("T")
KEPT = 20_000
"""Calls, conferences, messages and alerts that are remembered: two days of a busy city."""
FAULTS_KEPT = 100
CARRIER_FAULT = 20500
BLANKS = re.compile(r"[\s().-]")
log = logging.getLogger(__name__)


class Core:
    """Dictionaries are by SID, in the order things were made."""

    def __init__(self, account: Account, clock: Clock, folder: Path, public_url: str) -> None:
        self.account = account
        self.clock = clock
        self.folder = folder
        self.public_url = public_url.rstrip("/")
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.takings: dict[str, Taking] = {}
        """What is being recorded of calls, talks and conferences, by the recording's SID."""
        self.messages: dict[str, Message] = {}
        self.numbers: dict[str, Number] = {}
        self.applications: dict[str, Application] = {}
        self.legs: dict[str, Leg] = {}
        """The live calls."""
        self.waiting: dict[str, Waiting] = {}
        """The calls in queues, by call SID."""
        self.takers: dict[str, deque[Box[Waiting]]] = {}
        """Calls that wait for somebody to come into a queue, by the queue's SID."""
        self.rooms: dict[str, Room] = {}
        """The conferences that go on, by name."""
        self.telephones: dict[str, list[Telephone]] = {}
        self.alerts: list[Alert] = []
        self.faults: list[BaseException] = []
        """Mistakes of the carrier's own; there should be none."""
        self.trail = Trail(clock)
        self.fetcher = Fetcher(account.token, clock.activity, self.trail)
        self.medium = Silent(self.whole)
        self.closing: list[Callable[[], Awaitable[None]]] = []
        """What else is to be closed when the exchange stops."""
        self.tasks: set[asyncio.Task[Any]] = set()

    @property
    def whole(self) -> "Exchange":
        """The exchange that this is a part of."""
        return cast("Exchange", self)

    def new_leg(
        self,
        *,
        from_: str,
        to: str,
        direction: str,
        number: Number | None = None,
        parent_sid: str | None = None,
        callback: Callback | None = None,
        caller_name: str | None = None,
    ) -> Leg:
        """A call that has just begun."""
        now = self.clock.now()
        if callback is None and number is not None:
            callback = number.callback
        call = Call(
            sid=new_sid("CA"),
            account_sid=self.account.sid,
            from_=from_,
            to=to,
            direction=direction,
            date_created=now,
            date_updated=now,
            start_time=now,
            parent_sid=parent_sid,
            phone_number_sid=number.sid if number else None,
            callback=callback,
            caller_name=caller_name,
        )
        self.calls[call.sid] = call
        forget_oldest(self.calls, lambda one: not one.live)
        leg = self.legs[call.sid] = Leg(self.whole, call)
        return leg

    def spawn(self, run: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a task that the exchange looks after."""
        task = asyncio.get_running_loop().create_task(run)
        self.tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        self.clock.activity.beat()
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not isinstance(fault, FetchFailed):
            log.error("a task of the exchange failed", exc_info=fault)
            self._remember(fault)

    def blame(self, fault: Exception, call: Call) -> None:
        """Note a mistake of the carrier's own on a call; the call goes on as well as it can."""
        log.error("a call met a mistake of the carrier's own", exc_info=fault)
        self._remember(fault)
        self.alert(CARRIER_FAULT, f"the carrier failed: {fault!r}", call=call)

    def _remember(self, fault: BaseException) -> None:
        self.faults.append(fault)
        del self.faults[:-FAULTS_KEPT]

    def alert(
        self,
        code: int,
        text: str,
        *,
        level: str = "error",
        call: Call | None = None,
        request: Request | None = None,
    ) -> None:
        """Note a mistake of the app's in the debugger's log."""
        noted = Alert(
            sid=new_sid("NO"),
            account_sid=self.account.sid,
            error_code=code,
            text=text,
            date=self.clock.now(),
            level=level,
            call_sid=call.sid if call else None,
            request_url=request.url if request else None,
            request_method=request.method if request else None,
        )
        self.alerts.append(noted)
        del self.alerts[:-KEPT]
        self.clock.activity.beat()
        log.warning("%s %d: %s (%s)", level, code, text, noted.request_url)


def forget_oldest(things: dict[str, T], over: Callable[[T], bool]) -> None:
    """Keep so many at most, and everything that isn't over."""
    if len(things) > KEPT:
        oldest = next((sid for sid, one in things.items() if over(one)), None)
        if oldest is not None:
            del things[oldest]


def tidy(address: str) -> str:
    """A number without the blanks, dots and brackets that people write into it; a name as it is."""
    return address if ":" in address else BLANKS.sub("", address)
