"""Whether the carrier is up, for whoever watches it; needs no account."""

from aiohttp import web

from carrier.rest.answers import answer
from carrier.rest.edge import EXCHANGE, STARTED

routes = web.RouteTableDef()


@routes.get("/health")
async def health(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    return answer(
        {
            "status": "ok",
            "live_calls": sum(call.live for call in exchange.calls.values()),
            "up_seconds": int((exchange.clock.now() - request.app[STARTED]).total_seconds()),
        }
    )
