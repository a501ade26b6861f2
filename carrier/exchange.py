"""The switch: everything the carrier holds, and everything that may be asked of it."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from carrier.clock import Clock
from carrier.dialling import cancel, incoming, own_number, place
from carrier.fetch import Fetcher, FetchFailed
from carrier.ids import new_sid
from carrier.leg import Handset, Leg, Telephone
from carrier.media.silent import Silent
from carrier.model import (
    Account,
    Alert,
    Call,
    Callback,
    CarrierError,
    Conference,
    Member,
    Message,
    Number,
    Participant,
    Queue,
    Recording,
    Request,
)

T = TypeVar("T")
log = logging.getLogger(__name__)


class Exchange:
    """Holds the calls and runs them. Dictionaries are by SID, in the order things were made.

    Every method that can't do what is asked raises `CarrierError` with Twilio's code.
    """

    def __init__(self, account: Account, clock: Clock, folder: Path, public_url: str) -> None:
        self.account = account
        self.clock = clock
        self.folder = folder
        self.public_url = public_url.rstrip("/")
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.messages: dict[str, Message] = {}
        self.numbers: dict[str, Number] = {}
        self.alerts: list[Alert] = []
        self.legs: dict[str, Leg] = {}
        """The live calls."""
        self.medium = Silent(self)
        self.fetcher = Fetcher(account.sid, account.token, clock.activity)
        self._telephones: dict[str, list[Telephone]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.faults: list[BaseException] = []
        """Mistakes of the carrier's own; there should be none."""

    # telephones
    def register(self, address: str, telephone: Telephone) -> None:
        """From now on `telephone` rings when `address` is called; the last one registered there does."""
        self._telephones.setdefault(_tidy(address), []).append(telephone)

    def unregister(self, address: str, telephone: Telephone) -> None:
        there = self._telephones.get(_tidy(address), [])
        if telephone in there:
            there.remove(telephone)

    def telephone(self, address: str) -> Telephone | None:
        """Whatever rings at `address`."""
        there = self._telephones.get(_tidy(address))
        return there[-1] if there else None

    def dial(self, handset: Handset, to: str, from_: str) -> Leg:
        """A telephone dials. A number that isn't one of the carrier's own leads nowhere: the call fails."""
        number = own_number(self, _tidy(to))
        if number is not None:
            return incoming(self, handset, number, _tidy(from_))
        leg = self.new_leg(from_=_tidy(from_), to=_tidy(to), direction="inbound")
        leg.end("failed")
        return leg

    def act(self, call_sid: str, deed: str, words: str = "", language: str = "") -> None:
        """A telephone does something on a call; on one that is over, nothing happens."""
        leg = self.legs.get(call_sid)
        if leg is None:
            return
        match deed:
            case "answer":
                leg.answer()
            case "decline":
                leg.decline()
            case "press":
                leg.press(words)
            case "speak":
                leg.speak(words, language)
            case "hang-up":
                leg.hang_up()

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
        if callback is None and number is not None and number.status_callback:
            callback = Callback(number.status_callback, number.status_callback_method)
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
        leg = self.legs[call.sid] = Leg(self, call)
        return leg

    def spawn(self, run: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a task that the exchange looks after."""
        task = asyncio.get_running_loop().create_task(run)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self.clock.activity.beat()
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not isinstance(fault, FetchFailed):
            log.error("a task of the exchange failed", exc_info=fault)
            self.faults.append(fault)

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
        self.alerts.append(
            Alert(
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
        )
        log.log(logging.WARNING if level == "warning" else logging.ERROR, "%d %s", code, text)

    # calls
    def create_call(
        self,
        *,
        to: str,
        from_: str,
        request: Request | None = None,
        twiml: str | None = None,
        fallback: Request | None = None,
        callback: Callback | None = None,
        timeout: int = 60,
        time_limit: int = 14400,
        send_digits: str = "",
        record: bool = False,
        recording_callback: Callback | None = None,
        machine_detection: bool = False,
        caller_name: str | None = None,
    ) -> Call:
        """Place a call; returns at once with the call queued. Its document runs when it is answered."""
        leg = self.new_leg(
            from_=from_, to=_tidy(to), direction="outbound-api", callback=callback, caller_name=caller_name
        )
        leg.fallback = fallback
        leg.begin(place(leg, _one(request, twiml), timeout, time_limit, send_digits))
        return leg.call

    def update_call(
        self,
        call_sid: str,
        *,
        status: str | None = None,
        request: Request | None = None,
        twiml: str | None = None,
        fallback: Request | None = None,
        callback: Callback | None = None,
        time_limit: int | None = None,
    ) -> Call:
        """Redirect a live call at once, or end it ("canceled" only before it is answered, "completed")."""
        raise NotImplementedError

    def find_call(self, call_sid: str) -> Call:
        raise NotImplementedError

    # queues
    def find_queue(self, key: str) -> Queue:
        """By SID or friendly name."""
        raise NotImplementedError

    def create_queue(self, friendly_name: str, max_size: int = 1000) -> Queue:
        raise NotImplementedError

    def update_queue(self, key: str, friendly_name: str | None = None, max_size: int | None = None) -> Queue:
        raise NotImplementedError

    def delete_queue(self, key: str) -> None:
        raise NotImplementedError

    def find_member(self, queue_key: str, call_key: str) -> Member:
        """`call_key` is a call SID, or Front."""
        raise NotImplementedError

    def dequeue(self, queue_key: str, call_key: str, request: Request) -> Member:
        """Take a call (or the Front one) out of the queue; it runs the document at `request`."""
        raise NotImplementedError

    # conferences
    def find_conference(self, key: str) -> Conference:
        """By SID, or by the name of a conference that is going on."""
        raise NotImplementedError

    def update_conference(
        self, key: str, *, status: str | None = None, announce: Request | None = None
    ) -> Conference:
        """`status="completed"` ends it for everybody; `announce` is played to everybody."""
        raise NotImplementedError

    def find_participant(self, conference_key: str, participant_key: str) -> Participant:
        """`participant_key` is a call SID or a label."""
        raise NotImplementedError

    def add_participant(
        self,
        conference_key: str,
        *,
        from_: str,
        to: str,
        label: str | None = None,
        timeout: int = 60,
        time_limit: int = 14400,
        callback: Callback | None = None,
        muted: bool = False,
        beep: str = "true",
        start_conference_on_enter: bool = True,
        end_conference_on_exit: bool = False,
        wait: Request | None = None,
        conference_callback: Callback | None = None,
        coaching: bool = False,
        call_sid_to_coach: str | None = None,
        max_participants: int = 250,
        record: bool = False,
        recording_callback: Callback | None = None,
        caller_name: str | None = None,
    ) -> Participant:
        """Call `to` and let it join when it answers; the conference may be new (by name)."""
        raise NotImplementedError

    def update_participant(
        self,
        conference_key: str,
        participant_key: str,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        hold_request: Request | None = None,
        announce: Request | None = None,
        wait: Request | None = None,
        beep_on_exit: bool | None = None,
        end_conference_on_exit: bool | None = None,
        coaching: bool | None = None,
        call_sid_to_coach: str | None = None,
    ) -> Participant:
        raise NotImplementedError

    def remove_participant(self, conference_key: str, participant_key: str) -> None:
        """Take a call out of the conference; its document goes on after the Dial."""
        raise NotImplementedError

    # the rest
    def add_number(self, phone_number: str, **settings: str) -> Number:
        """Settings are the fields of `Number` (voice_url, voice_method, status_callback ...)."""
        now = self.clock.now()
        number = Number(new_sid("PN"), self.account.sid, _tidy(phone_number), now, now)
        vars(number).update(settings)
        self.numbers[number.sid] = number
        return number

    def update_number(self, number_sid: str, **settings: str) -> Number:
        raise NotImplementedError

    def remove_number(self, number_sid: str) -> None:
        raise NotImplementedError

    def find_recording(self, recording_sid: str) -> Recording:
        raise NotImplementedError

    def delete_recording(self, recording_sid: str) -> None:
        """Forget a recording and remove its file."""
        raise NotImplementedError

    def send_message(self, *, to: str, from_: str, body: str, callback: Callback | None = None) -> Message:
        """Deliver a text to the telephone registered under `to`."""
        raise NotImplementedError

    # a rehearsal
    def busy(self) -> AbstractContextManager[None]:
        """Count work outside (a job, a thread) as in flight. May be used from any thread."""
        return self.clock.activity.busy()

    async def settle(self) -> None:
        """Return when no webhook is in flight and every call waits for the clock or somebody outside."""
        await self.clock.activity.settle()

    async def advance(self, seconds: float) -> None:
        """Let so much time pass; everything that is due happens in order."""
        await self.clock.until(lambda: False, seconds)

    async def close(self) -> None:
        """End all calls, report that they ended, and stop."""
        for leg in list(self.legs.values()):
            leg.end(cancel(leg.call))
        await self.settle()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.fetcher.close()


def _tidy(address: str) -> str:
    """An address without the blanks that people write into numbers."""
    return address if ":" in address else "".join(address.split())


def _one(request: Request | None, twiml: str | None) -> Request | str:
    """The document to run: TwiML itself, or where to ask for it."""
    if twiml is not None:
        if len(twiml) > 4000:
            raise CarrierError(400, 32018, "Twiml is longer than 4000 characters")
        return twiml
    if request is None:
        raise CarrierError(400, 21205, "Url or Twiml is required")
    return request
