"""The seat API: what an agent's desk shows and asks for, in JSON, with the desk's own token.

GET /seat/NAME shows the seat. POST /seat/NAME/sit-down, ready, pause (reason), offline, hang-up, hold, unhold
and wrap-up-done answer with the seat as it is then, 409 where there is no such thing to do.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from agents.presence import Presence
from switchboard import seats, talking
from switchboard.hotline import Hotline
from telephony.access import NoTelephones
from web import seat_token
from web.here import access, hotline
from web.telephones import hand_over

seat = Blueprint("seat", __name__, url_prefix="/seat")

Action = Callable[[Hotline, str], None]


def pause(hotline: Hotline, agent: str) -> None:
    """Pause, with the reason that the desk gives, one of those in hotline.yml."""
    told = request.get_json(silent=True)
    reason = told.get("reason") if isinstance(told, dict) else None
    words = reason.strip() if isinstance(reason, str) else ""
    plain = words.encode("utf-8", "replace").decode().replace("\0", "")  # half a character is none
    seats.wish(hotline, agent, Presence.PAUSED, plain[:64] or None)


ACTIONS: dict[str, Action] = {
    "sit-down": seats.sit_down,
    "ready": lambda hotline, agent: seats.wish(hotline, agent, Presence.READY),
    "pause": pause,
    "offline": lambda hotline, agent: seats.wish(hotline, agent, Presence.OFFLINE),
    "hang-up": talking.hang_up,
    "hold": lambda hotline, agent: talking.hold(hotline, agent, True),
    "unhold": lambda hotline, agent: talking.hold(hotline, agent, False),
    "wrap-up-done": seats.wrapped_up,
}


def whose(agent: str) -> tuple[Response, int] | None:
    """Refuse who is not signed in as this agent."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    owner = seat_token.agent_of(current_app.config["SECRET_KEY"], token) if kind == "Bearer" else None
    if owner is None:
        return _error("this desk is not signed in, or its token has expired: sign in again", 401)
    if owner != agent:
        return _error(f"this desk belongs to '{owner}'", 403)
    return None


@seat.before_request
def _guard() -> tuple[Response, int] | None:
    return whose((request.view_args or {}).get("agent", ""))


@seat.after_request
def _kept_nowhere(response: Response) -> Response:
    """Whose call it is stays between the desk and the hotline."""
    response.headers["Cache-Control"] = "no-store"
    return response


@seat.get("/<agent>")
def show(agent: str) -> Response:
    """The seat now."""
    return jsonify(_plain(asdict(seats.view(hotline(), agent))))


@seat.post("/<agent>/token")
def telephone(agent: str) -> Response | tuple[Response, int]:
    """A token for this agent's telephone in the browser."""
    listed = hotline().config.agents.get(agent)
    if listed is None or not listed.address.startswith("client:"):
        return _error("this seat's telephone is not in the browser: its address in agents.yml says so", 409)
    return hand_over(access().token(listed.address.removeprefix("client:"), rings=True), rings=True)


@seat.errorhandler(NoTelephones)
def _no_telephones(error: NoTelephones) -> tuple[Response, int]:
    return _error(str(error), 503)


@seat.post("/<agent>/<action>")
def act(agent: str, action: str) -> Response | tuple[Response, int]:
    """Do what the desk asks, then show the seat."""
    if action not in ACTIONS:
        return _error(f"a desk cannot '{action}'; it can {', '.join(ACTIONS)}", 404)
    ACTIONS[action](hotline(), agent)
    return show(agent)


@seat.errorhandler(seats.NoSeat)
def _no_seat(error: seats.NoSeat) -> tuple[Response, int]:
    return _error(str(error), 404)


@seat.errorhandler(seats.NoReason)
def _no_reason(error: seats.NoReason) -> tuple[Response, int]:
    return _error(str(error), 409)


@seat.errorhandler(talking.NoTalk)
def _no_talk(error: talking.NoTalk) -> tuple[Response, int]:
    return _error(str(error), 409)


def _error(words: str, status: int) -> tuple[Response, int]:
    return jsonify(error=words), status


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value
