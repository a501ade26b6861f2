"""The carrier as a web application: Twilio's REST API, the telephones' sockets, and the inspector."""

from typing import TYPE_CHECKING

from aiohttp import web

from carrier import socket, text
from carrier.exchange import Exchange
from carrier.inspector import pages
from carrier.rest.app import rest_app
from carrier.rest.edge import EXCHANGE


def create_app(exchange: Exchange, mixer: "Mixer | None" = None) -> web.Application:
    """The application around `exchange`; the calls end, and the telephones are let go, when it shuts down.
    With a `mixer`, telephones in the browser too."""
    app = rest_app(exchange)
    app.add_routes(socket.routes(exchange))
    app.add_routes(text.routes(exchange))
    app.add_routes(pages.routes(exchange))
    if mixer is not None:
        from carrier.voice import signalling

        app.add_routes(signalling.routes(exchange, mixer))
    app.on_shutdown.append(_close)
    return app


if TYPE_CHECKING:
    from carrier.voice.mixer import Mixer


async def _close(app: web.Application) -> None:
    await app[EXCHANGE].close()
