"""Calls: place, list, fetch, redirect or end, and forget."""

from aiohttp import web

from carrier.exchange import Exchange
from carrier.model import Application, Call, CarrierError, Request
from carrier.rest.answers import answer, nothing
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.filters import select
from carrier.rest.form import Form, form
from carrier.rest.paging import listing
from carrier.rest.phone_numbers import ends, formatted
from carrier.rest.webhooks import callback, detection, document, inline, taping

routes = web.RouteTableDef()
KEYS = frozenset("0123456789ABCD*#wW")


def show(call: Call) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{call.account_sid}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "date_created": rfc2822(call.date_created),
        "date_updated": rfc2822(call.date_updated),
        "parent_call_sid": call.parent_sid,
        "account_sid": call.account_sid,
        "to": call.to,
        "to_formatted": formatted(call.to),
        "from": call.from_,
        "from_formatted": formatted(call.from_),
        "phone_number_sid": call.phone_number_sid,
        "status": call.status,
        "start_time": rfc2822(call.start_time),
        "end_time": rfc2822(call.end_time),
        "duration": None if call.duration is None else str(call.duration),
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by,
        "api_version": "2010-04-01",
        "forwarded_from": call.forwarded_from,
        "group_sid": None,
        "caller_name": call.caller_name,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json", "streams": f"{uri}/Streams.json"},
    }


@routes.post(f"{API}/Calls.json")
async def create(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    to = asked.required("To", 21201, "No 'To' number is specified")
    from_ = asked.required("From", 21213, "A 'From' phone number is required")
    to, from_ = ends(exchange, to, from_)
    url, twiml = document(asked, "Url"), inline(asked)
    application = _application(exchange, asked)
    if application is not None:
        url = Request(application.voice_url, application.voice_method)
    if url is None and twiml is None:
        raise CarrierError(400, 21205, "Url parameter is required.")
    wanted = taping(asked)
    call = exchange.create_call(
        to=to,
        from_=asked.get("CallerId") or from_,
        request=url,
        twiml=None if url else twiml,
        fallback=application.fallback if application else document(asked, "FallbackUrl"),
        callback=application.callback if application else callback(asked, "StatusCallback"),
        timeout=asked.whole("Timeout", 1, 600, code=21208) or 60,
        time_limit=asked.whole("TimeLimit", 1, 86400) or 14400,
        send_digits=_keys(asked),
        taping=wanted if asked.flag("Record") else None,
        detection=detection(asked, "AsyncAmdStatusCallback", asked.flag("AsyncAmd") or False),
    )
    return answer(show(call), 201)


def _application(exchange: Exchange, asked: Form) -> Application | None:
    """Who names an application gets its webhooks, and none of the request's own."""
    sid = asked.get("ApplicationSid", "")
    if not sid:
        return None
    if sid not in exchange.applications or not exchange.applications[sid].voice_url:
        raise CarrierError(400, 21218, f"ApplicationSid is not that of an application with a VoiceUrl: {sid}")
    return exchange.applications[sid]


def _keys(asked: Form) -> str:
    keys = asked.get("SendDigits", "")
    if not KEYS.issuperset(keys) or len(keys) > 32:
        raise CarrierError(400, 21206, f"SendDigits may have 32 of 0123456789ABCD*#wW: {keys}")
    return keys


@routes.get(f"{API}/Calls.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    calls = select(
        reversed(request.app[EXCHANGE].calls.values()),
        asked,
        same={
            "To": lambda call: call.to,
            "From": lambda call: call.from_,
            "Status": lambda call: call.status,
            "ParentCallSid": lambda call: call.parent_sid,
        },
        times={"StartTime": lambda call: call.start_time, "EndTime": lambda call: call.end_time},
    )
    return listing(request, asked, "calls", calls, lambda call: call.sid, show)


@routes.get(f"{API}/Calls/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return answer(show(found(request.app[EXCHANGE].calls, request.match_info["sid"], request)))


@routes.post(f"{API}/Calls/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    call = found(exchange.calls, request.match_info["sid"], request)
    url, twiml = document(asked, "Url"), inline(asked)
    if url and twiml:
        raise CarrierError(400, 20001, "Url and Twiml exclude each other")
    call = exchange.update_call(
        call.sid,
        status=asked.one_of("Status", ("canceled", "completed")),
        request=url,
        twiml=twiml,
        fallback=document(asked, "FallbackUrl"),
        callback=callback(asked, "StatusCallback"),
        time_limit=asked.whole("TimeLimit", 1, 86400),
    )
    return answer(show(call))


@routes.delete(f"{API}/Calls/{{sid}}.json")
async def delete(request: web.Request) -> web.Response:
    """Forget a call that is over."""
    exchange = request.app[EXCHANGE]
    call = found(exchange.calls, request.match_info["sid"], request)
    if call.live:
        raise CarrierError(
            400, 21220, f"Call {call.sid} is {call.status}; only a call that is over is deleted"
        )
    del exchange.calls[call.sid]
    return nothing()
