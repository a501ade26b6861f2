"""The webhooks of a caller who is called back, up to the talk; from then on they are everybody's."""

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from switchboard import calling_back
from telephony.twiml import render_again
from web.here import hotline
from web.signed import guard
from web.twiml import twiml

log = structlog.get_logger()
call_back = guard(Blueprint("call_back", __name__, url_prefix="/call-back"))


@call_back.post("/answered")
def answered() -> Response:
    """The caller's telephone was answered, by somebody or something."""
    return twiml(calling_back.picked_up(hotline(), _offer(), _leg()))


@call_back.post("/key")
def key() -> Response:
    """Who answered pressed a key, or none."""
    return twiml(calling_back.answered(hotline(), _offer(), _leg(), request.form.get("Digits", "")))


@call_back.post("/status")
def status() -> Response:
    """How the caller's leg stands."""
    calling_back.leg_status(hotline(), _offer(), _leg(), request.form.get("CallStatus", ""))
    return Response(status=204)


def _offer() -> str:
    return request.args.get("offer", "").replace("\0", "")


def _leg() -> str:
    return request.form.get("CallSid", "")


@call_back.errorhandler(Exception)
def broken(error: Exception) -> Response | HTTPException:
    """The caller is asked once more a second later, until nobody waits for the caller any more."""
    if isinstance(error, HTTPException):
        return error
    log.error("webhook failed", call=_leg(), offer=_offer(), path=request.path, exc_info=error)
    if request.endpoint in ("call_back.answered", "call_back.key"):
        return twiml(render_again(hotline().links.call_back_answered(_offer())))
    return Response(status=500)
