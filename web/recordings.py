"""The recordings of a ticket, heard in the browser: a page that a signed link opens, and its sounds.

The browser never learns the carrier's address: the sound is fetched here, with the account's credentials.
"""

from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy import Connection

from calls import journal
from telephony.carrier import Gone, Refused, Unreachable
from tickets.show import Recording, View, view
from web import play_token
from web.here import hotline
from web.play_token import Pass

recordings = Blueprint("recordings", __name__, url_prefix="/recordings")

POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
PASSED_ON = ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges")


@recordings.get("/<link>")
def play(link: str) -> Response | tuple[str, int]:
    """The ticket's recordings; who has had the link made is written into the journal first."""
    allowed = play_token.opened(_secret(), link)
    shown = _opened(allowed) if allowed else None
    if shown is None:
        return _page(None, 410)
    return Response(_page(shown, 200)[0])


@recordings.get("/sound/<token>")
def sound(token: str) -> Response | tuple[str, int]:
    """The sound of one recording, or the part of it that the browser asks for."""
    sid = play_token.sound_of(_secret(), token)
    if sid is None:
        return "this page was opened too long ago: open it again\n", 410
    try:
        found = hotline().carrier.sound(sid, request.headers.get("Range"))
    except Gone:
        return "the carrier has no such recording any more\n", 404
    except (Unreachable, Refused) as error:
        current_app.logger.warning("recording %s not fetched: %s", sid, error)
        return "the carrier does not give the recording just now: try again later\n", 502
    headers = {name: found.headers[name] for name in PASSED_ON if name in found.headers}
    response = Response(found.pieces, found.status, headers)
    response.call_on_close(found.close)
    return response


@recordings.after_request
def _for_nobody_else(response: Response) -> Response:
    """Kept nowhere, shown in no other site, and told to none."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _opened(allowed: Pass) -> View | None:
    def work(tx: Connection) -> View | None:
        found = view(tx, allowed.ticket)
        if found is not None:
            now = hotline().now()
            journal.note(tx, "recording-opened", now=now, ticket=allowed.ticket, who=allowed.who)
        return found

    return hotline().decide(work)


def _page(shown: View | None, status: int) -> tuple[str, int]:
    here = hotline()
    page = render_template(
        "recordings.html",
        hotline=here.config.hotline,
        view=shown,
        local=lambda moment: f"{here.local(moment):%Y-%m-%d %H:%M}",
        length=lambda seconds: f"{seconds // 60}:{seconds % 60:02d}",
        sound=_sound,
    )
    return page, status


def _sound(recording: Recording) -> str:
    """Where the page finds it, from its own address."""
    return "sound/" + play_token.issue_sound(_secret(), recording.sid, recording.seconds or 0)


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret
