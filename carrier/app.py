"""The carrier as a web application: Twilio's REST API, and the telephones' socket."""

import asyncio
from weakref import WeakSet

from aiohttp import WSCloseCode, web

from carrier import socket
from carrier.exchange import Exchange
from carrier.rest.app import rest_app
from carrier.rest.edge import EXCHANGE

SOCKETS = web.AppKey("sockets", WeakSet[web.WebSocketResponse])
FAREWELL = 2.0
"""Seconds that telephones are given to say goodbye when the carrier stops."""


def create_app(exchange: Exchange) -> web.Application:
    """The application around `exchange`; the calls end when it shuts down."""
    app = rest_app(exchange)
    app[SOCKETS] = WeakSet()
    app.add_routes(socket.routes(exchange))
    app.on_response_prepare.append(_remember_socket)
    app.on_shutdown.append(_end_calls)
    app.on_shutdown.append(_close_sockets)
    return app


async def _remember_socket(request: web.Request, response: web.StreamResponse) -> None:
    if isinstance(response, web.WebSocketResponse):
        request.app[SOCKETS].add(response)


async def _end_calls(app: web.Application) -> None:
    await app[EXCHANGE].close()


async def _close_sockets(app: web.Application) -> None:
    """Without this a telephone on the line would keep the carrier from stopping."""
    goodbyes = [asyncio.ensure_future(one.close(code=WSCloseCode.GOING_AWAY)) for one in app[SOCKETS]]
    if goodbyes:
        await asyncio.wait(goodbyes, timeout=FAREWELL)
