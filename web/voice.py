"""The caller's webhooks: each reads the form into an event and answers with TwiML."""

from flask import Blueprint, Response, request

from ivr import events
from switchboard import ending, menu, talking, waiting
from switchboard.menu import Arrival
from switchboard.recordings import Told, finished
from telephony.twiml import render_hold
from web.broken import answer, keep, recorder, to_a_person
from web.here import hotline
from web.signed import guard
from web.twiml import EMPTY, twiml

voice = guard(Blueprint("voice", __name__, url_prefix="/voice"))


@voice.before_request
def _of_a_call() -> Response | None:
    """Without a CallSid nothing can be registered: the recorder takes the message."""
    return None if request.form.get("CallSid") or request.endpoint == "voice.hold" else recorder()


@voice.post("/incoming")
def incoming() -> Response:
    """A caller has dialled the hotline."""
    return twiml(menu.arrive(hotline(), arrival()))


@voice.post("/step")
def step() -> Response:
    """The caller pressed keys, kept silent, has spoken a message, or comes back from another number."""
    if _hung_up():
        menu.last_words(hotline(), arrival(), _event())
        ending.status(hotline(), arrival(), "completed")
        return twiml(EMPTY)
    return twiml(menu.step(hotline(), arrival(), _number(), _event()))


@voice.post("/wait")
def wait() -> Response:
    """The caller waits in the queue and wants to hear something, or has pressed a key there."""
    form = request.form
    asked = waiting.Asked(form.get("CallSid", ""), form.get("QueueSid"), _number(), form.get("Digits", ""))
    return twiml(waiting.wait(hotline(), asked))


@voice.post("/left")
def left() -> Response:
    """The caller has left the queue. On the way to an agent, or hung up, there is nothing to say."""
    result = request.form.get("QueueResult", "error")
    if _hung_up() or result == "hangup":
        ending.status(hotline(), arrival(), "completed")
        return twiml(EMPTY)
    if result in ("queue-full", "leave", "error", "system-error"):
        return twiml(menu.step(hotline(), arrival(), _number(), events.Returned(result)))
    return twiml(EMPTY)


@voice.post("/join")
def join() -> Response:
    """The caller is out of the queue and wants into the agent's conference."""
    return twiml(talking.join(hotline(), arrival().sid, _offer()))


@voice.post("/talked")
def talked() -> Response:
    """The caller is out of the conference."""
    if _hung_up():
        ending.status(hotline(), arrival(), "completed")
        return twiml(EMPTY)
    return twiml(talking.talked(hotline(), arrival().sid, _offer()))


@voice.post("/recording")
def recording() -> Response:
    """A recording is ready to be fetched."""
    form = request.form
    ready = form.get("RecordingStatus", "completed") == "completed" and form.get("RecordingSid")
    if ready and not finished(hotline(), Told.of(form)):
        keep()  # its call was never registered: the clock will do both
    return Response(status=204)


@voice.post("/status")
def status() -> Response:
    """How the caller's call stands."""
    ending.status(hotline(), arrival(), request.form.get("CallStatus", ""))
    return Response(status=204)


@voice.route("/hold", methods=["GET", "POST"])
def hold() -> Response:
    """What a caller on hold hears."""
    return twiml(render_hold((waiting.music(hotline()),), hotline().links))


def arrival() -> Arrival:
    """Who calls whom, from the parameters every webhook of a call has."""
    form = request.form
    return Arrival(form.get("CallSid", ""), form.get("From", ""), form.get("To", ""))


def _event() -> events.Event:
    form = request.form
    if "RecordingUrl" in form and form.get("Digits") != "0":  # 0 is a person, from the recorder too
        return events.Recorded(form["RecordingUrl"], _whole(form.get("RecordingDuration")))
    if "DialCallStatus" in form:
        return events.Transferred(form["DialCallStatus"])
    digits = form.get("Digits", "")
    return events.Keys(digits) if digits else events.Silence()


def _hung_up() -> bool:
    return request.form.get("CallStatus") in ending.TERMINAL


def _number() -> int:
    return _whole(request.args.get("n"))


def _offer() -> str:
    return request.args.get("offer", "")


def _whole(text: str | None) -> int:
    """A count as the carrier writes it; what is missing or no number counts nothing."""
    return int(text) if text and text.isascii() and text.isdigit() else 0


@voice.post("/fallback")
def fallback() -> Response:
    """The carrier could not use what another webhook answered."""
    return to_a_person()


voice.register_error_handler(Exception, answer)
