"""The carrier as a web application: Twilio's REST API, and the telephones' socket."""

from aiohttp import web

from carrier import socket
from carrier.exchange import Exchange
from carrier.rest.app import rest_app
from carrier.rest.edge import EXCHANGE


def create_app(exchange: Exchange) -> web.Application:
    """The application around `exchange`; the calls end, and the telephones are let go, when it shuts down."""
    app = rest_app(exchange)
    app.add_routes(socket.routes(exchange))
    app.on_shutdown.append(_close)
    return app


async def _close(app: web.Application) -> None:
    await app[EXCHANGE].close()
