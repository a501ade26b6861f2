"""Streams: let an app's WebSocket hear a call from now on, and stop that; and what else can be attached to a
call on Twilio, and not here."""

from urllib.parse import urlsplit

from aiohttp import web

from carrier.model import Callback, CarrierError
from carrier.rest.answers import answer
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.form import Form, form
from carrier.streaming import TRACKS, Order, Stream

routes = web.RouteTableDef()
MOST_PARAMETERS = 99
LACKING = "Payments|Siprec|Transcriptions|UserDefinedMessages|UserDefinedMessageSubscriptions"


def show(request: web.Request, stream: Stream, status: str) -> dict[str, object]:
    exchange, call = request.app[EXCHANGE], request.match_info["call"]
    uri = f"/2010-04-01/Accounts/{exchange.account.sid}/Calls/{call}/Streams/{stream.sid}.json"
    return {
        "account_sid": exchange.account.sid,
        "call_sid": call,
        "sid": stream.sid,
        "name": stream.order.name or None,
        "status": status,
        "date_updated": rfc2822(exchange.clock.now()),
        "uri": uri,
    }


@routes.post(f"{API}/Calls/{{call}}/Streams.json")
async def create(request: web.Request) -> web.Response:
    asked = await form(request)
    track = asked.one_of("Track", tuple(TRACKS)) or "inbound_track"
    told, verb = asked.url("StatusCallback", code=21609), asked.method("StatusCallbackMethod")
    order = Order(
        url=_socket(asked),
        name=asked.get("Name", ""),
        tracks=TRACKS[track],
        both_ways=False,
        parameters=_parameters(asked),
        callback=Callback(told, verb) if told else None,
    )
    stream = request.app[EXCHANGE].start_stream(request.match_info["call"], order)
    return answer(show(request, stream, "in-progress"))


def _socket(asked: Form) -> str:
    url = asked.required("Url").strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise CarrierError(400, 21205, f"Url must be that of a WebSocket, wss://...: {url[:200]}")
    return url


def _parameters(asked: Form) -> dict[str, str]:
    """`Parameter1.Name`, `Parameter1.Value`, and so on."""
    pairs = [
        (asked.get(f"Parameter{at}.Name", ""), asked.get(f"Parameter{at}.Value", ""))
        for at in range(1, MOST_PARAMETERS + 1)
    ]
    return {name: value for name, value in pairs if name}


@routes.post(f"{API}/Calls/{{call}}/Streams/{{key}}.json")
async def update(request: web.Request) -> web.Response:
    """Stop it; it is named by its SID or by its name."""
    asked = await form(request)
    status = asked.one_of("Status", ("stopped",)) or asked.required("Status")
    stream = request.app[EXCHANGE].stop_stream(request.match_info["call"], request.match_info["key"])
    return answer(show(request, stream, status))


@routes.post(f"{API}/Calls/{{call}}/{{lacking:{LACKING}}}.json")
async def refuse(request: web.Request) -> web.Response:
    """Said plainly, so that nobody looks for the fault in the address."""
    found(request.app[EXCHANGE].calls, request.match_info["call"], request)
    raise CarrierError(404, 20404, f"This carrier has no {request.match_info['lacking']} on calls")
