"""All resources of the API in one web application."""

from collections import deque

from aiohttp import web

from carrier.exchange import Exchange
from carrier.rest import (
    accounts,
    alerts,
    applications,
    calls,
    conferences,
    health,
    members,
    messages,
    numbers,
    participants,
    queues,
    recordings,
    streams,
)
from carrier.rest.edge import (
    EXCHANGE,
    MOST_NOTED,
    NOTED,
    STARTED,
    authenticate,
    beat_after_changes,
    note_the_unknown,
    refuse_in_json,
)

RESOURCES = (
    accounts,
    alerts,
    applications,
    calls,
    conferences,
    health,
    members,
    messages,
    numbers,
    participants,
    queues,
    recordings,
    streams,
)


def rest_app(exchange: Exchange) -> web.Application:
    """The API around `exchange`."""
    app = web.Application(middlewares=[refuse_in_json, authenticate, beat_after_changes, note_the_unknown])
    app[EXCHANGE] = exchange
    app[STARTED] = exchange.clock.now()
    app[NOTED] = deque(maxlen=MOST_NOTED)
    for resource in RESOURCES:
        app.add_routes(resource.routes)
    return app
