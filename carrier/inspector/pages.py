"""The inspector's page at `/`, and what keeps it live.

Whoever looks from this very machine needs no password: the address they come from and the one they asked for
are both the machine's own, and no proxy stands between. Everybody else gives the account's SID and token,
since the page shows telephone numbers.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web

from carrier.exchange import Exchange
from carrier.inspector.viewer import Viewer
from carrier.rest.edge import knows

STATIC = Path(__file__).parent / "static"
FILES = {"": "inspector.html", "inspector.js": "inspector.js", "inspector.css": "inspector.css"}
KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
BREATH = 0.2
"""Seconds between two pieces of news at least; what happens meanwhile comes together."""
STILL_HERE = 15.0
"""Seconds without news after which the page is told that the carrier is there."""
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(exchange: Exchange) -> list[web.RouteDef]:
    """The page, its two files, and its news."""
    files = [web.get(f"/{path}", guarded(exchange, _file(name))) for path, name in FILES.items()]
    return [*files, web.get("/inspector/news", guarded(exchange, _news(exchange)))]


def guarded(exchange: Exchange, handler: Handler) -> Handler:
    """Only for those who may look."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if at_home(request) or knows(exchange.account, request):
            return await handler(request)
        ask = {"WWW-Authenticate": 'Basic realm="the carrier: account SID and auth token"'}
        return web.Response(status=401, text="This page asks for the account's SID and token.", headers=ask)

    return guard


def at_home(request: web.Request) -> bool:
    """Whether somebody at this very machine asks, and asks for it by its own name: a page from elsewhere
    whose name was bent to this machine doesn't, and whoever comes through a proxy or a tunnel may be
    anybody."""
    here = _is_loopback(request.remote or "") and _is_loopback(request.url.host or "")
    return here and not any(name in request.headers for name in FORWARDED)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _file(name: str) -> Handler:
    body = (STATIC / name).read_bytes()
    kind = KINDS[Path(name).suffix]

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=HEADERS)

    return file


def _news(exchange: Exchange) -> Handler:
    over = asyncio.Event()

    async def close() -> None:
        over.set()
        exchange.clock.activity.beat()

    exchange.closing.append(close)

    async def news(request: web.Request) -> web.StreamResponse:
        """Server-sent events: everything first, then what changes, as soon as it does."""
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionError):  # the page was closed
            await tell(response)
        return response

    async def tell(page: web.StreamResponse) -> None:
        await page.write(_event("carrier", _about(exchange)))
        viewer, activity = Viewer(exchange), exchange.clock.activity
        while not over.is_set():
            beats = activity.beats
            told = viewer.news()
            await page.write(_event("news", told) if told else b": still here\n\n")
            await asyncio.sleep(BREATH)
            await activity.more_than(beats, STILL_HERE)

    return news


def _about(exchange: Exchange) -> dict[str, object]:
    return {"url": exchange.public_url, "account": exchange.account.sid}


def _event(name: str, told: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(told)}\n\n".encode()
