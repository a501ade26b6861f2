"""What the carrier knows: calls, queues, conferences, recordings, messages, numbers, applications and alerts.

Plain data that the REST interface shows and the exchange changes. Times are aware UTC datetimes,
durations are seconds. Statuses are Twilio's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

WITHHELD = "anonymous"
"""The `From` of a caller who doesn't show a number."""

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""The statuses after which nothing more happens to a call."""


CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS = ("in-progress", "completed", "absent", "failed")
"""What a callback about a call, and one about a recording, may be asked to report."""
TRACKS = ("both", "inbound", "outbound")
"""What of a call may be recorded."""
TRIM = ("trim-silence", "do-not-trim")
"""What may be done with the silence at both ends of a recording."""


class CarrierError(Exception):
    """A request that the carrier refuses: HTTP `status`, Twilio's error `code`, and why."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Account:
    """The one account of this carrier: webhooks are signed, and REST requests checked, with `token`."""

    sid: str
    token: str
    friendly_name: str = "Connected Bridge"


@dataclass(frozen=True)
class Request:
    """An address to ask for a document, with what is sent beside the call's own parameters."""

    url: str
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Callback:
    """Where to report what happens, and which `events` to report."""

    url: str
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass
class Call:
    """One leg: a telephone on one side, the carrier on the other."""

    sid: str
    account_sid: str
    from_: str
    to: str
    direction: str
    """inbound, outbound-api or outbound-dial."""
    date_created: datetime
    date_updated: datetime
    status: str = "queued"
    parent_sid: str | None = None
    phone_number_sid: str | None = None
    start_time: datetime | None = None
    """When it was answered; for a call that never was, when it was placed."""
    end_time: datetime | None = None
    answer_time: datetime | None = None
    duration: int | None = None
    """Whole seconds talked, known once the call has ended."""
    caller_name: str | None = None
    forwarded_from: str | None = None
    callback: Callback | None = None
    answered_by: str | None = None
    """human, machine_start or machine_end_beep, where the app asked for it and somebody has answered."""

    @property
    def live(self) -> bool:
        """Whether anything can still happen to it."""
        return self.status not in ENDED


@dataclass
class Member:
    """A call that waits in a queue. Its position is its place in `Queue.members`, from 1."""

    call_sid: str
    queue_sid: str
    date_enqueued: datetime


@dataclass
class Queue:
    """A queue and who waits in it, first come first."""

    sid: str
    account_sid: str
    friendly_name: str
    date_created: datetime
    date_updated: datetime
    max_size: int = 1000
    members: list[Member] = field(default_factory=list)

    @property
    def current_size(self) -> int:
        return len(self.members)

    def position(self, member: Member) -> int:
        """1 for whoever is next."""
        return self.members.index(member) + 1

    def average_wait(self, now: datetime) -> int:
        """Mean of the whole seconds that those in the queue have waited, 0 for an empty queue."""
        if not self.members:
            return 0
        return int(sum((now - one.date_enqueued).total_seconds() for one in self.members) / len(self.members))


@dataclass
class Participant:
    """A call that is in a conference, or is being called in."""

    call_sid: str
    conference_sid: str
    account_sid: str
    date_created: datetime
    date_updated: datetime
    label: str | None = None
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    call_sid_to_coach: str | None = None
    start_conference_on_enter: bool = True
    end_conference_on_exit: bool = False
    beep_on_exit: bool = True
    status: str = "connected"
    """queued (called, not yet in), connected, complete or failed (it never came in)."""


@dataclass
class Conference:
    """A conference: init until somebody starts it, then in-progress, then completed."""

    sid: str
    account_sid: str
    friendly_name: str
    date_created: datetime
    date_updated: datetime
    status: str = "init"
    region: str = "us1"
    reason_ended: str | None = None
    """conference-ended-via-api, participant-with-end-conference-on-exit-left or last-participant-left."""
    call_sid_ending_conference: str | None = None
    participants: dict[str, Participant] = field(default_factory=dict)
    """By call SID, in the order they joined or were called in; those who left are no longer here."""


@dataclass(frozen=True)
class Taping:
    """How something is recorded: its parties in one channel or two, which track of it, with the silence at
    both ends or without, and where to report what becomes of the recording."""

    channels: int = 1
    track: str = "both"
    trim: bool = False
    callback: Callback | None = None


@dataclass
class Recording:
    """A recording, its sound in the file at `path` (WAV)."""

    sid: str
    account_sid: str
    call_sid: str
    date_created: datetime
    date_updated: datetime
    start_time: datetime
    path: Path
    source: str
    """RecordVerb, DialVerb, Conference, OutboundAPI or StartCallRecordingAPI."""
    duration: int = 0
    channels: int = 1
    status: str = "in-progress"
    """in-progress, paused, completed or absent."""
    conference_sid: str | None = None
    track: str = "both"
    """What of a call is recorded: what it says (inbound), what it hears (outbound), or both."""
    trim: bool = False
    """Whether silence at its beginning and end is cut off."""

    @property
    def owner_sid(self) -> str:
        """The conference that is recorded, or the call."""
        return self.conference_sid or self.call_sid

    @property
    def goes_on(self) -> bool:
        """Whether there is more to come."""
        return self.status in ("in-progress", "paused")


@dataclass
class Message:
    """A text message: delivered if a telephone is registered under `to`, else undelivered."""

    sid: str
    account_sid: str
    from_: str
    to: str
    body: str
    date_created: datetime
    date_updated: datetime
    direction: str = "outbound-api"
    status: str = "queued"
    date_sent: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
    callback: Callback | None = None


@dataclass(kw_only=True)
class VoiceSettings:
    """What a number or a TwiML App says of its calls: where their documents are, who hears of their end."""

    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_caller_id_lookup: bool = False

    @property
    def fallback(self) -> Request | None:
        url = self.voice_fallback_url
        return Request(url, self.voice_fallback_method) if url else None

    @property
    def callback(self) -> Callback | None:
        url = self.status_callback
        return Callback(url, self.status_callback_method) if url else None


@dataclass
class Number(VoiceSettings):
    """One of the carrier's own numbers, and what is asked when somebody dials it."""

    sid: str
    account_sid: str
    phone_number: str
    date_created: datetime
    date_updated: datetime


@dataclass
class Application(VoiceSettings):
    """A TwiML App: what is asked when a browser whose token names it calls out."""

    sid: str
    account_sid: str
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True)
class Alert:
    """An entry of the debugger: what went wrong in a webhook or a document, with Twilio's error code."""

    sid: str
    account_sid: str
    error_code: int
    text: str
    date: datetime
    level: str = "error"
    """error or warning."""
    call_sid: str | None = None
    request_url: str | None = None
    request_method: str | None = None
