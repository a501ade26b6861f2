"""A live call: a telephone on one side, the document that it runs on the other."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import aiohttp

from carrier.box import Box
from carrier.callbacks import Reports
from carrier.clock import Timer
from carrier.detection import Detection
from carrier.fetch import MAX_BODY, Answer, FetchFailed
from carrier.model import Call, Request
from carrier.sounds import KEYS, Audience, Ears, Handset, Key, Spoken

if TYPE_CHECKING:
    from carrier.exchange import Exchange
    from carrier.streaming import Stream


class Leg:
    """Runs one call. Ending or redirecting it interrupts whatever it is doing at once."""

    def __init__(self, exchange: "Exchange", call: Call) -> None:
        self.exchange = exchange
        self.call = call
        self.handset: Handset | None = None
        self.fallback: Request | None = None
        self.ears: Ears | None = None
        self.audience: Audience | None = None
        self.picked_up: Box[bool] = Box(exchange.clock)
        self.hops = 0
        """How many of the carrier's own numbers the call has come through."""
        self.parameters: Mapping[str, str] = {}
        """What a <Client> is told beside the call."""
        self.streams: dict[str, Stream] = {}
        """What <Start> has begun, by name."""
        self.reports = Reports(exchange)
        self.detection: Detection | None = None
        """How the app asked to have answering machines detected, if it did."""
        self._jar: aiohttp.CookieJar | None = None
        self._longest: float | None = None
        self._limit: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        self._stays: list[Callable[[], None]] = []
        self._when_answered: list[Callable[[], None]] = []
        self._watchers: list[Callable[[], None]] = []

    # what the document side does
    def begin(self, run: Coroutine[None, None, None]) -> None:
        """Run this from now on, instead of whatever was running."""
        self._interrupt()
        self._task = self.exchange.spawn(run)
        self._task.add_done_callback(self._fell)

    def _fell(self, task: asyncio.Task[None]) -> None:
        """A mistake of the carrier's own ends the call: silence for ever would be worse."""
        if self._task is task and not task.cancelled() and task.exception() is not None:
            self.end("completed" if self.call.status == "in-progress" else "failed")

    @contextmanager
    def staying(self, leave: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts the call is somewhere; `leave` runs once, at the end of the block
        or at the very moment that the call is redirected or ends."""
        self._stays.append(leave)
        try:
            yield
        finally:
            if leave in self._stays:
                self._stays.remove(leave)
                leave()

    @contextmanager
    def listening(self) -> Iterator[Ears]:
        """Keys and words that come during the block are put into the box."""
        ears: Ears = Box(self.exchange.clock)
        self.ears = ears

        def deaf() -> None:
            if self.ears is ears:
                self.ears = None

        with self.staying(deaf):
            yield ears

    def when_answered(self, answered: Callable[[], None]) -> None:
        """Call `answered` in the moment that the call is."""
        self._when_answered.append(answered)

    def watch(self, ended: Callable[[], None]) -> None:
        """Call `ended` when the call has ended."""
        self._watchers.append(ended)

    def limit_time(self, seconds: float) -> None:
        """End the call so many seconds after it was answered, or will be: ringing doesn't count."""
        self._longest = seconds
        if self.call.answer_time is not None:
            self._count_down(self.call.answer_time)

    def _count_down(self, since: datetime) -> None:
        if self._limit is not None:
            self._limit.cancel()
        if self._longest is not None:
            left = self._longest - (self.exchange.clock.now() - since).total_seconds()
            self._limit = self.exchange.clock.call_later(max(left, 0), lambda: self.end("completed"))

    def move(self, status: str) -> None:
        """Take a status that isn't the last one, and report it."""
        if not self.call.live or self.call.status == status:
            return
        now = self.exchange.clock.now()
        self.call.status, self.call.date_updated = status, now
        if status == "in-progress":
            self.call.start_time = self.call.answer_time = now
            self._count_down(now)
            if self.handset is not None:
                self.handset.answered()
            for answered in self._when_answered:
                self._do(answered)
        self.report({"in-progress": "answered"}.get(status, status))
        self.exchange.clock.activity.beat()

    def end(self, status: str) -> None:
        """End the call; nothing more happens to it."""
        if not self.call.live:
            return
        now = self.exchange.clock.now()
        self.call.status, self.call.date_updated, self.call.end_time = status, now, now
        answered = self.call.answer_time
        self.call.duration = 0 if answered is None else int((now - answered).total_seconds())
        self._interrupt()
        if self._limit is not None:
            self._limit.cancel()
        self.exchange.legs.pop(self.call.sid, None)
        if self.handset is not None:
            self.handset.ended(status)
        self.report("completed")
        for ended in self._watchers:
            self._do(ended)
        self.exchange.clock.activity.beat()

    def _interrupt(self) -> None:
        while self._stays:
            self._do(self._stays.pop())
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def _do(self, deed: Callable[[], None]) -> None:
        """One of several things that an end brings about; none of them keeps the others from happening."""
        try:
            deed()
        except Exception as fault:  # noqa: BLE001 - the call ends whatever goes wrong
            self.exchange.blame(fault, self.call)

    # what the telephone does
    def answer(self, machine: bool = False) -> None:
        """Pick up, as a person or as an answering machine. From this moment on the call is in progress."""
        if self.call.direction != "inbound" and self.call.status == "ringing":
            if self.detection is not None:
                self.call.answered_by = self.detection.finds(machine)
            self.move("in-progress")
            self._tell_who_answered()
            self.picked_up.put(True)

    def decline(self) -> None:
        """Turn a ringing call away; one that has been picked up is hung up."""
        if self.call.status == "in-progress" or self.call.direction == "inbound":
            self.hang_up()
        else:
            self.end("busy")

    def press(self, keys: str) -> None:
        """A verb that listens gets the keys, or else whoever the call talks with. No other sign is a key."""
        for key in filter(KEYS.__contains__, keys):
            if self.ears is not None:
                self.ears.put(Key(key))
            elif self.audience is not None:
                self.audience.pressed(self, key)

    def speak(self, text: str, language: str = "") -> None:
        seconds = self.exchange.medium.seconds(text)
        if self.ears is not None:
            self.ears.put(Spoken(text, seconds))
        if self.audience is not None:
            for other in self.audience.others(self):
                self.exchange.medium.voice(other, text, language)
            self.audience.spoke(self, seconds)

    def hang_up(self) -> None:
        """Put the receiver down, or (ringing) refuse to pick it up, or (dialling) give up."""
        if self.call.status == "in-progress":
            self.end("completed")
        else:
            self.end("no-answer" if self.call.direction == "inbound" else "busy")

    # what the app is told
    def params(self) -> dict[str, str]:
        """What every webhook about this call is sent."""
        call = self.call
        params = {
            "CallSid": call.sid,
            "AccountSid": call.account_sid,
            "From": call.from_,
            "To": call.to,
            "Caller": call.from_,
            "Called": call.to,
            "CallStatus": call.status,
            "ApiVersion": "2010-04-01",
            "Direction": call.direction,
        }
        more = {
            "ParentCallSid": call.parent_sid,
            "CallerName": call.caller_name,
            "ForwardedFrom": call.forwarded_from,
            "AnsweredBy": None if self.detection and self.detection.background else call.answered_by,
        }
        return params | {name: value for name, value in more.items() if value}

    @property
    def jar(self) -> aiohttp.CookieJar:
        """The app's cookies, kept for this call."""
        if self._jar is None:
            self._jar = aiohttp.CookieJar(unsafe=True)
        return self._jar

    async def ask(self, request: Request, extra: Mapping[str, str]) -> Answer:
        """Ask a webhook about this call. A call that ends meanwhile doesn't tear the request away."""
        asking = self.exchange.spawn(self.exchange.fetcher.ask(request, {**self.params(), **extra}, self.jar))
        return await asyncio.shield(asking)

    async def get(self, request: Request, most: int = MAX_BODY) -> Answer:
        """Fetch a file, such as a sound, or `most` bytes of it; nothing of the call is told."""
        fetcher, sid = self.exchange.fetcher, self.call.sid
        return await asyncio.shield(self.exchange.spawn(fetcher.ask(request, {}, self.jar, sid, most)))

    def notify(self, request: Request, extra: Mapping[str, str]) -> None:
        """Tell a webhook something; its answer runs nowhere."""
        params = {**self.params(), **extra}

        async def tell() -> None:
            try:
                await self.exchange.fetcher.ask(request, params, self.jar)
            except FetchFailed as failed:
                self.exchange.alert(failed.code, failed.why, call=self.call, request=request)

        self.exchange.spawn(tell())

    def _tell_who_answered(self) -> None:
        callback = self.detection.callback if self.detection is not None else None
        if callback is not None:
            call = self.call
            told = {"AccountSid": call.account_sid, "CallSid": call.sid, "MachineDetectionDuration": "0"}
            told["AnsweredBy"] = call.answered_by or "unknown"
            Reports(self.exchange, numbered=False).send(callback, told, call)

    def report(self, event: str) -> None:
        """Send a status callback if the app wants to know of `event`."""
        callback = self.call.callback
        if callback is None or event not in callback.events:
            return
        ended = {} if self.call.live else {"CallDuration": str(self.call.duration)}
        status = {"CallStatus": "initiated"} if event == "initiated" else {}
        source = {"CallbackSource": "call-progress-events"}
        self.reports.send(callback, {**self.params(), **ended, **status, **source}, self.call)
