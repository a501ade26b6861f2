"""Members: who waits in a queue, first come first; and taking one out. `Front` is whoever is next."""

from aiohttp import web

from carrier.exchange import Exchange
from carrier.model import CarrierError, Member, Queue
from carrier.rest.answers import answer
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.form import form
from carrier.rest.paging import listing
from carrier.rest.webhooks import document

routes = web.RouteTableDef()
ONE = f"{API}/Queues/{{queue}}/Members/{{call}}.json"


def show(exchange: Exchange, queue: Queue, member: Member) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{queue.account_sid}/Queues/{queue.sid}/Members/{member.call_sid}.json"
    return {
        "queue_sid": queue.sid,
        "call_sid": member.call_sid,
        "date_enqueued": rfc2822(member.date_enqueued),
        "position": queue.position(member),
        "uri": uri,
        "wait_time": int((exchange.clock.now() - member.date_enqueued).total_seconds()),
    }


def find(request: web.Request) -> tuple[Queue, Member]:
    """The queue and the member that the path names."""
    exchange = request.app[EXCHANGE]
    queue = found(exchange.queues, request.match_info["queue"], request)
    return queue, exchange.find_member(queue.sid, request.match_info["call"])


@routes.get(f"{API}/Queues/{{queue}}/Members.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    queue = found(exchange.queues, request.match_info["queue"], request)
    return listing(
        request,
        asked,
        "queue_members",
        list(queue.members),
        lambda member: member.call_sid,
        lambda member: show(exchange, queue, member),
    )


@routes.get(ONE)
async def fetch(request: web.Request) -> web.Response:
    return answer(show(request.app[EXCHANGE], *find(request)))


@routes.post(ONE)
async def update(request: web.Request) -> web.Response:
    """Take the member out of the queue; its call runs the document at `Url`."""
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    queue, member = find(request)
    url = document(asked, "Url")
    if url is None:
        raise CarrierError(400, 20001, "Missing required parameter Url in the post body")
    shown = show(exchange, queue, member)
    exchange.dequeue(queue.sid, member.call_sid, url)
    return answer(shown)
