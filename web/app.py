"""Put the web application together."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, send_from_directory

from switchboard.hotline import Hotline
from switchboard.spool import Spool
from telephony.access import Access
from telephony.signature import Signature
from web import broken, here, signed
from web.agent import agent
from web.call_back import call_back
from web.errors import explain
from web.languages import speak
from web.music import music
from web.pages import pages
from web.recordings import recordings
from web.seat import seat
from web.voice import voice

MOST = 64 * 1024  # bytes of a webhook's form


@dataclass(frozen=True)
class Secrets:
    """What the web side must know and nobody else: the carrier's account with its token, and the key that
    signs desks in."""

    auth_token: str
    key: str
    account_sid: str = ""


def application(hotline: Hotline, secrets: Secrets, var: Path) -> Flask:
    """A web application that serves this hotline; `var` keeps what the database could not take."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.key, MAX_CONTENT_LENGTH=MOST)
    app.extensions[broken.SPOOL] = Spool(var / "unregistered")
    here.serve(app, hotline)
    signed.check(app, Signature(secrets.auth_token))
    app.register_blueprint(voice)
    app.register_blueprint(agent)
    app.register_blueprint(call_back)
    app.register_blueprint(seat)
    app.register_blueprint(pages)
    app.register_blueprint(recordings)
    speak(app)
    explain(app)
    app.extensions[here.ACCESS] = lambda: Access.of(
        hotline.config.hotline.carrier, secrets.account_sid, secrets.auth_token
    )
    app.add_url_rule("/voice/music.wav", "music", _music)
    app.add_url_rule("/prompts/audio/<path:file>", "prompt", _prompt)
    app.add_url_rule("/health", "health", _health)
    return app


def _music() -> Response:
    return Response(music(), content_type="audio/wav", headers={"Cache-Control": "max-age=86400"})


def _prompt(file: str) -> Response:
    """A recorded prompt, which the whole city hears anyway."""
    return send_from_directory(here.hotline().config.folder.resolve() / "audio", file, max_age=3600)


def _health() -> Response:
    """Answers while the process lives and the database can be read."""
    with here.hotline().store.reading():
        return Response("ok\n", content_type="text/plain")
