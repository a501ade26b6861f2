"""What the hotline asks of the carrier: ring, redirect, hold, record, hang up, and tell what is live.

The official client does the asking, of Twilio or of any carrier that speaks its protocol. Make one
`Carrier` per process and share it between threads.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response
from twilio.rest import Client

from telephony.sound import Sound
from telephony.wire import TWILIO, NotSent, Unreachable, Wire

__all__ = ["Carrier", "EdgeRefused", "Gone", "Leg", "NotSent", "Refused", "Unreachable"]

LIVE = ("queued", "initiated", "ringing", "in-progress")
RING_EVENTS = ["initiated", "ringing", "answered", "completed"]
CLOCKS_APART = timedelta(seconds=5)
NOT_IN_PROGRESS = 21220
TOO_MANY_REQUESTS = 429
SOUNDS = (200, 206, 416)


class Gone(Exception):
    """The call, the queue's member or the conference is over or was never there: nothing is left to do."""


class Refused(Exception):
    """The carrier understood and refuses, with Twilio's error `code`; the same request will fail again."""

    def __init__(self, words: str, status: int, code: int) -> None:
        super().__init__(words)
        self.status = status
        self.code = code


class EdgeRefused(Exception):
    """TWILIO_EDGE or TWILIO_REGION is set. They rewrite the carrier's host name; unset them."""


@dataclass(frozen=True)
class Leg:
    """One call at the carrier."""

    sid: str
    to: str
    status: str
    created_at: datetime | None

    @property
    def live(self) -> bool:
        return self.status in LIVE


class Carrier:
    """Every method asks once, waits some seconds at most; raises Gone, Refused, NotSent or Unreachable."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        base: str = TWILIO,
        *,
        connections: int = 32,
        answer_seconds: float = 10.0,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        refuse_edge(environ)
        self.account_sid = account_sid
        self._auth = (account_sid, auth_token)
        self.wire = Wire(base, connections, answer_seconds)
        # An empty environment would be read as "look into the real one".
        self._client = Client(
            account_sid, auth_token, http_client=self.wire, environment={"TWILIO_ACCOUNT_SID": account_sid}
        )

    def ring(
        self, to: str, from_: str, url: str, status_url: str, timeout: int, fallback_url: str | None = None
    ) -> str:
        """Ring `to` for `timeout` seconds; who answers hears the document at `url`, or where that fails the
        one at `fallback_url`. Gives the call's SID.

        Not idempotent: after Unreachable ask `find_ring`, only after NotSent repeat.
        """
        fallback = {"fallback_url": fallback_url, "fallback_method": "POST"} if fallback_url else {}
        call = _asked(
            lambda: self._client.calls.create(
                to=to,
                from_=from_,
                url=url,
                method="POST",
                status_callback=status_url,
                status_callback_event=RING_EVENTS,
                status_callback_method="POST",
                timeout=timeout,
                **fallback,
            ),
            may_be_over=False,
        )
        return _known(call.sid)

    def find_ring(self, to: str, since: datetime) -> list[Leg]:
        """The live calls to `to` made since then, newest first: was a ring with a lost answer carried out?

        Calls of up to 5 seconds before count as well, since two machines' clocks are never the same:
        the caller of this knows which of them it has heard of before.
        """
        # A call that is not yet dialled has no start that the carrier could filter by.
        moment = since.replace(microsecond=0) - CLOCKS_APART
        legs = self._legs(to=to, page_size=100, limit=100)
        return [leg for leg in legs if leg.live and leg.created_at is not None and leg.created_at >= moment]

    def fetch_call(self, call_sid: str) -> str | None:
        """The call's status, or None when the carrier knows no such call."""
        try:
            return str(_asked(lambda: self._client.calls(call_sid).fetch()).status)
        except Gone:
            return None

    def live_calls(self) -> list[Leg]:
        """Every call that is queued, ringing or in progress, of callers and agents alike."""
        return [
            leg
            for status in ("queued", "ringing", "in-progress")
            for leg in self._legs(status=status, page_size=1000)
        ]

    def redirect(self, call_sid: str, url: str) -> None:
        """Take the call out of whatever it is in and go on with the document at `url`."""
        _asked(lambda: self._client.calls(call_sid).update(url=url, method="POST"))

    def take_from_queue(self, queue_sid: str, call_sid: str, url: str) -> None:
        """Take this caller out of the queue, to the document at `url`; Gone when the caller has left it."""
        _asked(lambda: self._client.queues(queue_sid).members(call_sid).update(url=url, method="POST"))

    def hang_up(self, call_sid: str) -> None:
        """End the call, whether it rings or talks (`canceled` would end only a ringing one)."""
        _asked(lambda: self._client.calls(call_sid).update(status="completed"))

    def hold(self, conference_sid: str, participant: str, on: bool, hold_url: str) -> None:
        """Put a participant (call SID or label) on hold with the document at `hold_url`, or bring it back."""
        music = {"hold_url": hold_url, "hold_method": "POST"} if on else {}
        _asked(
            lambda: (
                self._client.conferences(conference_sid).participants(participant).update(hold=on, **music)
            )
        )

    def find_conference(self, name: str) -> str:
        """The SID of the conference of this name that goes on; Gone where there is none."""
        found = _asked(
            lambda: self._client.conferences.list(friendly_name=name, status="in-progress", limit=1),
            may_be_over=False,
        )
        if not found:
            raise Gone(f"no conference {name} goes on")
        return str(found[0].sid)

    def record(self, call_sid: str, url: str) -> str:
        """Record the call from now on, what it says in one channel and what it hears in the other; `url` is
        told when the recording can be fetched. Gives its SID. Not idempotent: after Unreachable ask
        `find_recordings`."""
        recording = _asked(
            lambda: self._client.calls(call_sid).recordings.create(
                recording_channels="dual",
                recording_status_callback=url,
                recording_status_callback_event=["completed"],
                recording_status_callback_method="POST",
            )
        )
        return _known(recording.sid)

    def find_recordings(self, call_sid: str, since: datetime) -> list[str]:
        """The recordings of this call that go on and were begun since then, or up to 5 seconds before."""
        moment = since.replace(microsecond=0) - CLOCKS_APART
        found = _asked(lambda: self._client.calls(call_sid).recordings.list(page_size=100, limit=100))
        going_on = [one for one in found if one.status in ("in-progress", "paused")]
        return [one.sid for one in going_on if one.date_created and one.date_created >= moment]

    def recorded(self, recording_sid: str) -> tuple[str, int] | None:
        """Where a recording's sound is, and its seconds; None while it goes on, or if nothing came of it."""
        found = _asked(lambda: self._client.recordings(recording_sid).fetch())
        if found.status != "completed" or not found.media_url:
            return None
        return str(found.media_url), int(found.duration or 0)

    def stop_recording(self, call_sid: str, recording_sid: str) -> None:
        """End this recording of a call that goes on."""
        _asked(lambda: self._client.calls(call_sid).recordings(recording_sid).update(status="stopped"))

    def delete_recording(self, recording_sid: str) -> None:
        """Delete the recording's sound for good."""
        _asked(lambda: self._client.recordings(recording_sid).delete())

    def sound(self, recording_sid: str, part: str | None = None) -> Sound:
        """The recording as MP3; `part` is a Range header, which a carrier may leave unheeded."""
        path = f"/2010-04-01/Accounts/{self.account_sid}/Recordings/{quote(recording_sid, safe='')}.mp3"
        wanted = {"Accept-Encoding": "identity"} | ({"Range": part} if part else {})
        sound = Sound(self.wire.stream(TWILIO + path, self._auth, wanted))
        if sound.status in SOUNDS:
            return sound
        sound.close()
        raise _outcome(sound.status, 0, "the recording's sound", may_be_over=True)

    def close(self) -> None:
        """Close the connections that are kept for the next request."""
        self.wire.session.close()

    def _legs(self, **filters: Any) -> list[Leg]:
        calls = _asked(lambda: self._client.calls.list(**filters), may_be_over=False)
        return [Leg(call.sid, call.to, call.status, call.date_created) for call in calls]


def refuse_edge(environ: Mapping[str, str]) -> None:
    """The library would send requests, with the credentials, to a host made up from these."""
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        if environ.get(name):
            raise EdgeRefused(f"{name} is set, which changes the carrier's host name: unset it")


def _asked(ask: Callable[[], Any], may_be_over: bool = True) -> Any:
    try:
        return ask()
    except (TwilioRestException, TwilioServiceException) as error:
        raise _outcome(error.status, error.code or 0, _words(error), may_be_over) from error
    except TwilioException as error:  # a listing's refusal comes without its own kind
        raise _of_listing(error, may_be_over) from error
    except ValueError as error:  # an answer that is no JSON: something else than the carrier answered
        raise Unreachable(f"the carrier's answer can't be read: {error}") from error


def _outcome(status: int, code: int, words: str, may_be_over: bool) -> Exception:
    told = f"status {status}, code {code}: {words}"
    if status == TOO_MANY_REQUESTS:
        return NotSent(told)
    if status >= 500:
        return Unreachable(told)
    # A create or a listing names nothing that could be over: its 404 is a wrong account or address.
    if code == NOT_IN_PROGRESS or (status == 404 and may_be_over):
        return Gone(told)
    return Refused(told, status, code)


def _words(error: TwilioRestException | TwilioServiceException) -> str:
    return _numberless(
        str(error.msg if isinstance(error, TwilioRestException) else error.detail or error.title)
    )


def _numberless(words: str) -> str:
    """The carrier's words without telephone numbers, which are in no log and on no page."""
    return re.sub(r"(?<!\w)\+?\d[\d ().-]{4,}\d(?!\w)", "****", words)


def _of_listing(error: TwilioException, may_be_over: bool) -> Exception:
    response = error.args[1] if len(error.args) > 1 else None
    if not isinstance(response, Response):
        return Unreachable(f"the carrier's answer can't be read: {error}")
    try:
        told = json.loads(response.text)
    except ValueError:
        told = {}
    error_body = told if isinstance(told, dict) else {}
    code, words = error_body.get("code") or 0, _numberless(error_body.get("message") or "no reason given")
    return _outcome(response.status_code, code, words, may_be_over)


def _known(sid: str | None) -> str:
    if not sid:
        raise Unreachable("the carrier's answer names nothing")
    return sid
