"""Pages for people: a telephone for callers, a seat for agents, and what the browser loads for them."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from ivr.wordings import read_along
from switchboard.call_backs import called
from switchboard.prompts import address
from telephony.access import NoTelephones
from web.here import access, hotline
from web.telephones import hand_over, signalling

pages = Blueprint("pages", __name__)

NPM = Path(sys.prefix) / "npm" / "node_modules"
LIBRARIES = {"voice-sdk.js": ("@twilio/voice-sdk/dist", "twilio.min.js")}


@pages.get("/")
def door() -> Answer:
    """Whoever only knows where the hotline runs comes to its telephone, or on Twilio to its seats."""
    return redirect(url_for("pages.phone" if hotline().config.hotline.carrier == "local" else "pages.seat"))


@pages.get("/phone")
def phone() -> str:
    """A caller's telephone, on the carrier that comes with the hotline."""
    settings = hotline().config.hotline
    if settings.carrier != "local":
        abort(404)
    return render_template("phone.html", hotline=settings, signalling=signalling(settings))


@pages.post("/phone/token")
def phone_token() -> Response:
    """A token for a caller's telephone. With the JSON {"number": "..."} it rings at that number, if that is
    one which the hotline calls back, and no agent's."""
    here = hotline()
    if here.config.hotline.carrier != "local":
        abort(404)
    told = request.get_json(silent=True)
    written = told.get("number") if isinstance(told, dict) else None
    number = called(here, written) if isinstance(written, str) else None
    if number is None or number in {agent.address for agent in here.config.agents.values()}:
        return hand_over(access().token("caller", calls=True), rings=False)
    return hand_over(access().token(number, calls=True, rings=True), rings=True)


@pages.get("/phone/recordings")
def recordings() -> Response:
    """What the recorded prompts say, by their addresses: for whoever reads along."""
    here = hotline()
    texts = read_along(here.setup().menu)
    return jsonify({address(file, here.links): text for file, text in texts.items()})


@pages.get("/seat")
def seat() -> str:
    """An agent's telephone. Who sits there is in the address's fragment, which no server sees."""
    settings = hotline().config.hotline
    return render_template("seat.html", hotline=settings, signalling=signalling(settings))


@pages.get("/library/<name>")
def library(name: str) -> Response:
    """What the pages load, from the installed packages."""
    if name not in LIBRARIES:
        abort(404)
    folder, file = LIBRARIES[name]
    return send_from_directory(NPM / folder, file, max_age=3600, mimetype="text/javascript")


@pages.errorhandler(NoTelephones)
def _no_telephones(error: NoTelephones) -> tuple[Response, int]:
    return jsonify(error=str(error)), 503


@pages.after_request
def _only_ours(response: Response) -> Response:
    """Nothing is loaded from elsewhere, and no other site shows these pages."""
    carrier = urlsplit(signalling(hotline().config.hotline))
    to = (
        f"{carrier.scheme}://{carrier.netloc}"
        if carrier.netloc
        else "wss://*.twilio.com https://*.twilio.com"
    )
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; connect-src 'self' data: {to}; media-src 'self' data: blob:; "
        "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
