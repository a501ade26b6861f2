"""The edge of the API: who may ask, what a refusal looks like, and a note of what was asked in vain."""

import hmac
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from aiohttp import BasicAuth, web

from carrier.exchange import Exchange
from carrier.model import Account, CarrierError, Request
from carrier.rest.answers import refusal
from carrier.rest.form import form

EXCHANGE = web.AppKey("exchange", Exchange)
STARTED = web.AppKey("started", datetime)
NOTED = web.AppKey("noted", deque[tuple[str, str]])
MOST_NOTED = 1000
"""Parameters without effect that are remembered as told."""
API = "/2010-04-01/Accounts/{account}"
CLOSED = ("/2010-04-01/", "/v1/")
"""Paths below these ask for the account's SID and token."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Item = TypeVar("Item")
log = logging.getLogger(__name__)


def found(items: Mapping[str, Item], sid: str, request: web.Request) -> Item:
    """The item called `sid`, or the 404 that Twilio gives."""
    if sid not in items:
        raise missing(request)
    return items[sid]


def missing(request: web.Request) -> CarrierError:
    return CarrierError(404, 20404, f"The requested resource {request.path} was not found")


@web.middleware
async def refuse_in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error leaves in Twilio's form, the server's own faults too."""
    try:
        return await handler(request)
    except CarrierError as error:
        return refusal(error.status, error.code, error.message)
    except web.HTTPNotFound:
        gone = missing(request)
        return refusal(gone.status, gone.code, gone.message)
    except web.HTTPMethodNotAllowed:
        return refusal(405, 20004, f"Method {request.method} not allowed on {request.path}")
    except web.HTTPException as other:
        return refusal(other.status, 20001, other.reason)
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return refusal(500, 20500, "An internal server error has occurred")


@web.middleware
async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Ask for the account's SID and token by HTTP basic authentication."""
    if request.path.startswith(CLOSED) and not knows(request.app[EXCHANGE].account, request):
        raise CarrierError(401, 20003, "Authentication Error - invalid username or password")
    return await handler(request)


def knows(account: Account, request: web.Request) -> bool:
    """Whether a request names the account's SID and token, and no other account in its path."""
    try:
        given = BasicAuth.decode(request.headers.get("Authorization", ""), "utf-8")
    except ValueError:
        return False
    right = hmac.compare_digest(given.login.encode(), account.sid.encode())
    right &= hmac.compare_digest(given.password.encode(), account.token.encode())
    return right and request.match_info.get("account", account.sid) == account.sid


@web.middleware
async def beat_after_changes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a request has changed is news to whoever watches the carrier."""
    response = await handler(request)
    if request.method != "GET":
        request.app[EXCHANGE].clock.activity.beat()
    return response


@web.middleware
async def note_the_unknown(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A parameter that has no effect here is told in the debugger log, once for each kind of request."""
    response = await handler(request)
    asked = await form(request) if request.path.startswith(CLOSED) else None
    for name in asked.unasked() if asked else ():
        resource = request.match_info.route.resource
        kind = f"{request.method} {resource.canonical if resource else request.path}"
        if (kind, name) not in request.app[NOTED]:
            request.app[NOTED].append((kind, name))
            exchange = request.app[EXCHANGE]
            asking = Request(exchange.public_url + request.path_qs, request.method)
            exchange.alert(20001, f"{name} has no effect here: {kind}", level="warning", request=asking)
    return response
