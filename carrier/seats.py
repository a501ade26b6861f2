"""A call's seat in a conference, on which terms it has it, and what is told about it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from carrier.box import Box
from carrier.leg import Leg
from carrier.model import Callback, Conference, Participant, Request, Taping

EVENTS = {
    "start": ("conference-start",),
    "end": ("conference-end",),
    "join": ("participant-join",),
    "leave": ("participant-leave",),
    "mute": ("participant-mute", "participant-unmute"),
    "hold": ("participant-hold", "participant-unhold"),
    "modify": ("participant-modify",),
    "speaker": ("participant-speech-start", "participant-speech-stop"),
    "announcement": ("announcement-end", "announcement-fail"),
}
"""What each word of statusCallbackEvent asks for."""


class NotAdmitted(Exception):
    """A call that may not join; `code` is Twilio's."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass(frozen=True)
class Terms:
    """On which terms a call joins."""

    label: str | None = None
    muted: bool = False
    beep: str = "true"
    start: bool = True
    end: bool = False
    wait: Request | None = None
    silent_wait: bool = False
    """No music at all while waiting."""
    callback: Callback | None = None
    most: int = 250
    coaching: bool = False
    coached: str | None = None
    star_leaves: bool = False
    taping: Taping | None = None
    """How the conference is to be recorded, if this call wants that."""


@dataclass
class Seat:
    """A call's place in the conference."""

    leg: Leg
    participant: Participant
    terms: Terms
    over: Box[str]
    """Gets a word when the call is to leave: kicked or ended."""
    aside: asyncio.Task[Any] | None = field(default=None)
    """Music that only this call hears."""
    news: set[asyncio.Task[None]] = field(default_factory=set)
    """Announcements that it is listening to."""

    def hush(self) -> None:
        if self.aside is not None:
            self.aside.cancel()
            self.aside = None


def about(conference: Conference, one: Participant | None) -> dict[str, str]:
    """What every report about a conference, or about somebody in it, says."""
    told = {
        "ConferenceSid": conference.sid,
        "FriendlyName": conference.friendly_name,
        "AccountSid": conference.account_sid,
    }
    if one is None:
        return told
    told |= {
        "CallSid": one.call_sid,
        "Muted": _word(one.muted),
        "Hold": _word(one.hold),
        "Coaching": _word(one.coaching),
        "StartConferenceOnEnter": _word(one.start_conference_on_enter),
        "EndConferenceOnExit": _word(one.end_conference_on_exit),
    }
    if one.label:
        told["ParticipantLabel"] = one.label
    if one.call_sid_to_coach:
        told["CallSidToCoach"] = one.call_sid_to_coach
    return told


def _word(flag: bool) -> str:
    return "true" if flag else "false"
