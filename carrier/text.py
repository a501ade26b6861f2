"""Telephones of text in the browser, at /text: words and keys alone, for whoever has no microphone or hears
nothing.

They speak as the telephones of carrier/socket.py do, but for the first frame and its like, an access token:

                             {"do": "sign-in", "token": "eyJ..."}

It says whose telephone this is: "register" has no address, and what it does not allow is refused. Unless
another follows in time the ringing ends; calls that go on then go on.
"""

from typing import TYPE_CHECKING

from aiohttp import web

from carrier.clock import Timer
from carrier.socket import Extension
from carrier.voice.token import EXPIRED, Grant, TokenRefused, read

if TYPE_CHECKING:
    from carrier.exchange import Exchange

HEARTBEAT = 10.0
"""Seconds between pings; a telephone that doesn't answer one is gone."""
MOST = 16 * 1024
"""Bytes of a frame."""
LONGEST = 500
"""Letters that are spoken at once."""


def routes(exchange: "Exchange") -> list[web.RouteDef]:
    """The browsers' socket, for a carrier that serves `exchange`; it closes them when it stops."""
    connected = Extension.closed_with(exchange)

    async def text(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MOST)
        await socket.prepare(request)
        await TextTelephone(exchange, socket).serve_among(connected)
        return socket

    return [web.get("/text", text)]


class TextTelephone(Extension):
    """The carrier's end of a browser that may do what its token says."""

    def __init__(self, exchange: "Exchange", socket: web.WebSocketResponse) -> None:
        super().__init__(exchange, socket)
        self._grant: Grant | None = None
        self._expiry: Timer | None = None

    async def serve(self) -> None:
        try:
            await super().serve()
        finally:
            self._forget()

    def obey(self, words: dict[str, str]) -> None:
        """Do what a frame asks for, if the token allows it."""
        match words.get("do"):
            case "sign-in":
                self._sign_in(words.get("token", ""))
            case "register" if self._grant and self._grant.incoming:
                self.unregister()
                super().obey({"do": "register", "address": f"client:{self._grant.identity}"})
            case "dial" if self._grant and self._grant.outgoing:
                super().obey(words)
            case "register" | "dial":
                self.send("refused", why="the access token does not allow that, or there is none")
            case _:
                super().obey(words | {"words": words.get("words", "")[:LONGEST]})

    def _sign_in(self, token: str) -> None:
        try:
            grant = read(self._exchange.account, token)
        except TokenRefused as refused:
            self.send("refused", why=refused.why, code=refused.code)
            return
        if self._grant and self._grant.identity != grant.identity:
            self.unregister()
        self._forget()
        self._grant = grant
        left = max(grant.expires - self._exchange.clock.now().timestamp(), 0)
        self._expiry = self._exchange.clock.call_later(left, self._expired)

    def _forget(self) -> None:
        self._grant = None
        if self._expiry is not None:
            self._expiry.cancel()

    def _expired(self) -> None:
        self.unregister()
        self._grant = None
        self.send("refused", why="the access token has expired: sign in with another", code=EXPIRED)
