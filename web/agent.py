"""The webhooks of an agent's leg and of the conference."""

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from switchboard import ending, offering, talking
from switchboard.talking import ConferenceEvent
from telephony.twiml import render_again
from web.here import hotline
from web.signed import guard
from web.twiml import EMPTY, twiml

log = structlog.get_logger()
agent = guard(Blueprint("agent", __name__))


@agent.post("/agent/offer")
def offer() -> Response:
    """The agent's telephone was answered."""
    return twiml(offering.picked_up(hotline(), _offer(), _leg()))


@agent.post("/agent/accept")
def accept() -> Response:
    """The agent at a telephone pressed a key."""
    return twiml(offering.accept(hotline(), _offer(), _leg(), request.form.get("Digits", "")))


@agent.post("/agent/status")
def status() -> Response:
    """How the agent's leg stands."""
    told = request.form.get("CallStatus", "")
    offering.leg_status(hotline(), _offer(), _leg(), told)
    if told in ending.TERMINAL:
        talking.leg_over(hotline(), _offer(), _leg())
    return Response(status=204)


@agent.post("/agent/talked")
def talked() -> Response:
    """The agent is out of the conference; the leg ends."""
    talking.leg_over(hotline(), _offer(), _leg())
    return twiml(EMPTY)


@agent.post("/conference")
def conference() -> Response:
    """Somebody came into the conference or left it."""
    form = request.form
    told = ConferenceEvent(
        form.get("ConferenceSid", ""), form.get("StatusCallbackEvent", ""), form.get("ParticipantLabel", "")
    )
    talking.conference(hotline(), _offer(), told)
    return Response(status=204)


def _offer() -> str:
    return request.args.get("offer", "").replace("\0", "")


def _leg() -> str:
    return request.form.get("CallSid", "")


@agent.errorhandler(Exception)
def broken(error: Exception) -> Response | HTTPException:
    """The agent's telephone asks once more a second later, until the offer is over."""
    if isinstance(error, HTTPException):
        return error
    log.error("webhook failed", call=_leg(), offer=_offer(), path=request.path, exc_info=error)
    if request.endpoint in ("agent.offer", "agent.accept"):
        return twiml(render_again(hotline().links.agent_offer(_offer())))
    return Response(status=500)
