"""The switch: everything the carrier holds, and everything that may be asked of it."""

from contextlib import AbstractContextManager
from pathlib import Path

from carrier.clock import Clock
from carrier.model import (
    Account,
    Alert,
    Call,
    Callback,
    Conference,
    Member,
    Message,
    Number,
    Participant,
    Queue,
    Recording,
    Request,
)


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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError
