"""Participants: who is in a conference; call somebody in, mute, hold, coach, announce, take out.

A participant is named by its call's SID or by its label.
"""

from collections.abc import Iterable

from aiohttp import web

from carrier.ids import is_sid
from carrier.model import RECORDING_EVENTS, CarrierError, Conference, Participant, Taping
from carrier.rest.answers import answer, nothing
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found, missing
from carrier.rest.form import Form, form
from carrier.rest.paging import listing
from carrier.rest.phone_numbers import ends
from carrier.rest.webhooks import callback, detection, document, taping, trims
from carrier.seats import EVENTS

routes = web.RouteTableDef()
ALL = f"{API}/Conferences/{{conference}}/Participants.json"
ONE = f"{API}/Conferences/{{conference}}/Participants/{{participant}}.json"
LABEL_LIMIT = 128
RECORD = ("true", "false", "record-from-start", "do-not-record")


def show(participant: Participant) -> dict[str, object]:
    conference = f"/2010-04-01/Accounts/{participant.account_sid}/Conferences/{participant.conference_sid}"
    return {
        "account_sid": participant.account_sid,
        "call_sid": participant.call_sid,
        "label": participant.label,
        "call_sid_to_coach": participant.call_sid_to_coach,
        "coaching": participant.coaching,
        "conference_sid": participant.conference_sid,
        "date_created": rfc2822(participant.date_created),
        "date_updated": rfc2822(participant.date_updated),
        "end_conference_on_exit": participant.end_conference_on_exit,
        "muted": participant.muted,
        "hold": participant.hold,
        "start_conference_on_enter": participant.start_conference_on_enter,
        "status": participant.status,
        "queue_time": None,
        "uri": f"{conference}/Participants/{participant.call_sid}.json",
    }


def find(request: web.Request) -> tuple[Conference, Participant]:
    """The conference and the participant that the path names."""
    exchange = request.app[EXCHANGE]
    conference = found(exchange.conferences, request.match_info["conference"], request)
    return conference, exchange.find_participant(conference.sid, request.match_info["participant"])


@routes.get(ALL)
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    conference = found(request.app[EXCHANGE].conferences, request.match_info["conference"], request)
    wanted = (asked.flag("Muted"), asked.flag("Hold"), asked.flag("Coaching"))
    participants = [one for one in conference.participants.values() if _has(one, wanted)]
    return listing(request, asked, "participants", participants, lambda one: one.call_sid, show)


def _has(participant: Participant, wanted: Iterable[bool | None]) -> bool:
    flags = (participant.muted, participant.hold, participant.coaching)
    return all(want in (None, flag) for want, flag in zip(wanted, flags, strict=True))


@routes.post(ALL)
async def create(request: web.Request) -> web.Response:
    """Call somebody into the conference, which may be named by SID or by a friendly name, new or not."""
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    key = request.match_info["conference"]
    if is_sid(key, "CF") and key not in exchange.conferences:
        raise missing(request)
    to = asked.required("To", 21201, "No 'To' number is specified")
    from_ = asked.required("From", 21213, "A 'From' phone number is required")
    to, from_ = ends(exchange, to, from_)
    wanted = taping(asked)
    participant = exchange.add_participant(
        key,
        from_=asked.get("CallerId") or from_,
        to=to,
        label=_label(asked),
        timeout=asked.whole("Timeout", 1, 600, code=21208) or 60,
        time_limit=asked.whole("TimeLimit", 1, 86400) or 14400,
        callback=callback(asked, "StatusCallback"),
        muted=asked.flag("Muted") or False,
        beep=asked.one_of("Beep", ("true", "false", "onEnter", "onExit")) or "true",
        start_conference_on_enter=asked.flag("StartConferenceOnEnter") is not False,
        end_conference_on_exit=asked.flag("EndConferenceOnExit") or False,
        wait=document(asked, "WaitUrl"),
        conference_callback=callback(asked, "ConferenceStatusCallback", EVENTS, default=("start", "end")),
        coaching=asked.flag("Coaching") or False,
        call_sid_to_coach=asked.get("CallSidToCoach") or None,
        max_participants=asked.whole("MaxParticipants", 2, 250) or 250,
        taping=wanted if asked.flag("Record") else None,
        conference_taping=_conference_taping(asked),
        caller_name=asked.get("CallerDisplayName") or None,
        detection=detection(asked, "AmdStatusCallback", background=True),
    )
    return answer(show(participant), 201)


def _conference_taping(asked: Form) -> Taping | None:
    told = callback(asked, "ConferenceRecordingStatusCallback", RECORDING_EVENTS)
    how = Taping(trim=trims(asked, "ConferenceTrim"), callback=told)
    return how if asked.one_of("ConferenceRecord", RECORD) in ("true", "record-from-start") else None


def _label(asked: Form) -> str | None:
    label = asked.get("Label", "")
    if len(label) > LABEL_LIMIT:
        raise CarrierError(400, 20001, f"Label may have {LABEL_LIMIT} characters, not {len(label)}")
    return label or None


@routes.get(ONE)
async def fetch(request: web.Request) -> web.Response:
    return answer(show(find(request)[1]))


@routes.post(ONE)
async def update(request: web.Request) -> web.Response:
    asked = await form(request)
    conference, participant = find(request)
    participant = request.app[EXCHANGE].update_participant(
        conference.sid,
        participant.call_sid,
        muted=asked.flag("Muted"),
        hold=asked.flag("Hold"),
        hold_request=document(asked, "HoldUrl", "GET"),
        announce=document(asked, "AnnounceUrl"),
        wait=document(asked, "WaitUrl"),
        beep_on_exit=asked.flag("BeepOnExit"),
        end_conference_on_exit=asked.flag("EndConferenceOnExit"),
        coaching=asked.flag("Coaching"),
        call_sid_to_coach=asked.get("CallSidToCoach") or None,
    )
    return answer(show(participant))


@routes.delete(ONE)
async def delete(request: web.Request) -> web.Response:
    conference, participant = find(request)
    request.app[EXCHANGE].remove_participant(conference.sid, participant.call_sid)
    return nothing()
