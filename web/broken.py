"""The last line: whatever breaks in a webhook, the caller hears words and goes to a person or a recorder."""

import structlog
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from store.errors import StoreUnavailable
from switchboard import waiting
from switchboard.ending import TERMINAL
from switchboard.menu import Arrival
from switchboard.rescue import rescue
from switchboard.spool import Spool
from telephony import fallback
from telephony.twiml import render_wait
from web.here import hotline
from web.twiml import EMPTY, twiml

log = structlog.get_logger()
SPOOL = "spool"

# Webhooks of a caller who waits: music, and nothing that would take the caller out of there.
HEARD = ("voice.wait",)

# Webhooks that only tell us something: the carrier runs nothing of what they answer.
TOLD = ("voice.status", "voice.recording")


def answer(error: Exception) -> Response | HTTPException:
    """Log what broke, with the call it broke, and answer the carrier all the same."""
    if isinstance(error, HTTPException):
        return error
    sid = request.form.get("CallSid", "")
    log.error("webhook failed", call=sid, path=request.path, exc_info=error)
    if request.endpoint in HEARD:
        return twiml(render_wait((waiting.music(hotline()),)))
    if request.endpoint in TOLD:
        keep()
        return Response(status=500)
    return to_a_person()


def to_a_person() -> Response:
    """Queue the caller for a person; with the database gone, the recorder takes the message."""
    form = request.form
    if request.args.get("after"):  # the recorder's own next step
        return recorder()
    if form.get("CallStatus") in TERMINAL:  # nobody is there to be helped; the clock ends the call
        keep()
        return twiml(EMPTY)
    arrival = Arrival(form.get("CallSid", ""), form.get("From", ""), form.get("To", ""))
    try:
        return twiml(rescue(hotline(), arrival, _failed()))
    except StoreUnavailable as error:
        log.error("database not reached", call=form.get("CallSid"), error=str(error))
    except Exception as error:
        log.error("rescue failed", call=form.get("CallSid"), exc_info=error)
    return recorder()


def _failed() -> str:
    """The public URL of the webhook that broke: the carrier names it where it asks for the fallback."""
    here = hotline().links.asked(request.path, request.query_string.decode("latin-1"))
    return request.form.get("ErrorUrl") or here


def recorder() -> Response:
    """Take a message without the database."""
    keep()
    return twiml(fallback.answer(request.args, request.form))


def keep() -> None:
    """The clock will register what the database could not take."""
    spool: Spool = current_app.extensions[SPOOL]
    try:
        spool.keep(request.form, hotline().now())
    except OSError as error:  # a full disk must not keep the caller from the recorder
        log.error("a call could not be kept", call=request.form.get("CallSid"), error=str(error))
