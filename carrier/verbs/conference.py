"""<Dial><Conference participantLabel="agent-7" endConferenceOnExit="true">talk-81</Conference></Dial>"""

from typing import TYPE_CHECKING

from carrier.model import RECORDING_EVENTS, TRIM, Request, Taping
from carrier.nouns import read_callback
from carrier.registry import talk as noun_to_talk
from carrier.ringing import Talk
from carrier.seats import EVENTS, NotAdmitted, Terms

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


RECORD = ("do-not-record", "record-from-start", "true", "false")


@noun_to_talk(
    "Conference",
    attributes="muted beep startConferenceOnEnter endConferenceOnExit participantLabel"
    " maxParticipants waitUrl waitMethod coach record statusCallback"
    " statusCallbackEvent statusCallbackMethod recordingStatusCallback recordingStatusCallbackMethod"
    " recordingStatusCallbackEvent trim",
    inert="jitterBufferSize region eventCallbackUrl",
)
async def conference(script: "Script", dial: "Tag", tag: "Tag", talk: Talk) -> None:
    """Be in a conference until it ends, or the call is taken out, or the time is over."""
    exchange, leg = script.exchange, script.leg
    leg.move("in-progress")
    room = exchange.open_room(tag.text)
    terms = _terms(script, dial, tag)
    _complain(dial)
    script.tell_complaints(dial)  # now, and not when the conference is over
    try:
        seat = room.join(leg, terms, exchange.participant(leg, room, terms))
    except NotAdmitted as refused:
        exchange.alert(refused.code, refused.why, call=leg.call, request=Request(script.url))
        talk.status = "failed"
        return
    talk.status = "answered"
    with leg.staying(lambda: room.leave(seat)):
        await seat.over.get(within=dial.whole("timeLimit", 14400, 1))


def _complain(dial: "Tag") -> None:
    if dial.word("record", "do-not-record") not in ("do-not-record", "false"):
        dial.complaints.append("'record' of <Dial> has no effect on a <Conference>, which has its own")


def _taping(script: "Script", tag: "Tag") -> Taping | None:
    callback = read_callback(script, tag, "recordingStatusCallback", RECORDING_EVENTS)
    trim = tag.choice("trim", TRIM, "trim-silence") == "trim-silence"
    if tag.choice("record", RECORD, "do-not-record") in ("do-not-record", "false"):
        return None
    return Taping(trim=trim, callback=callback)


def _terms(script: "Script", dial: "Tag", tag: "Tag") -> Terms:
    wait, coached = tag.url("waitUrl", script.url), tag.word("coach")
    return Terms(
        label=tag.word("participantLabel") or None,
        muted=tag.truth("muted", False),
        beep=tag.choice("beep", ("true", "false", "onEnter", "onExit"), "true"),
        start=tag.truth("startConferenceOnEnter", True),
        end=tag.truth("endConferenceOnExit", False),
        wait=Request(wait, tag.method("waitMethod")) if wait else None,
        silent_wait="waitUrl" in tag.attributes and not wait,
        callback=read_callback(script, tag, known=EVENTS, default=("start", "end")),
        most=tag.whole("maxParticipants", 250, 1, 250),
        coaching=bool(coached),
        coached=coached or None,
        star_leaves=dial.truth("hangupOnStar", False),
        taping=_taping(script, tag),
    )
