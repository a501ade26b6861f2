"""Queues: list, create, fetch, rename or resize, and delete when empty."""

from collections.abc import Callable

from aiohttp import web

from carrier.exchange import Exchange
from carrier.model import CarrierError, Queue
from carrier.queueing import LARGEST
from carrier.rest.answers import answer, nothing
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.form import Form, form
from carrier.rest.paging import listing

routes = web.RouteTableDef()
NAME_LIMIT = 64


def shower(exchange: Exchange) -> Callable[[Queue], dict[str, object]]:
    """Shows a queue as it is now."""
    now = exchange.clock.now()

    def show(queue: Queue) -> dict[str, object]:
        uri = f"/2010-04-01/Accounts/{queue.account_sid}/Queues/{queue.sid}.json"
        return {
            "date_updated": rfc2822(queue.date_updated),
            "current_size": queue.current_size,
            "friendly_name": queue.friendly_name,
            "uri": uri,
            "account_sid": queue.account_sid,
            "average_wait_time": queue.average_wait(now),
            "sid": queue.sid,
            "date_created": rfc2822(queue.date_created),
            "max_size": queue.max_size,
        }

    return show


@routes.get(f"{API}/Queues.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    queues = list(exchange.queues.values())
    return listing(request, asked, "queues", queues, lambda queue: queue.sid, shower(exchange))


@routes.post(f"{API}/Queues.json")
async def create(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    name = _name(asked) or asked.required("FriendlyName")
    queue = exchange.create_queue(name, asked.whole("MaxSize", 1, LARGEST) or 1000)
    return answer(shower(exchange)(queue), 201)


def _name(asked: Form) -> str | None:
    name = asked.get("FriendlyName", "")
    if len(name) > NAME_LIMIT:
        raise CarrierError(400, 20001, f"FriendlyName may have {NAME_LIMIT} characters, not {len(name)}")
    return name or None


@routes.get(f"{API}/Queues/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    return answer(shower(exchange)(found(exchange.queues, request.match_info["sid"], request)))


@routes.post(f"{API}/Queues/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    queue = found(exchange.queues, request.match_info["sid"], request)
    queue = exchange.update_queue(queue.sid, _name(asked), asked.whole("MaxSize", 1, LARGEST))
    return answer(shower(exchange)(queue))


@routes.delete(f"{API}/Queues/{{sid}}.json")
async def delete(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    exchange.delete_queue(found(exchange.queues, request.match_info["sid"], request).sid)
    return nothing()
