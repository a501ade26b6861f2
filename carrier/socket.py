"""Telephones that come by WebSocket, at /phone with the account's basic auth.

The telephone sends          {"do": "register", "address": "client:kim"}
                             {"do": "dial", "id": 1, "to": "+8643112345", "from": "+8643188880001"}
                             {"do": "answer" | "decline" | "press" | "speak" | "hang-up",
                              "sid": "CA...", "words": "", "language": ""}
("words" are keys to press, words to speak, or "machine" for whoever answers as one)
and gets                     {"event": "registered"}
                             {"event": "dialled", "id": "1", "sid", "from", "to", "status"}
                             {"event": "rings", "sid", "from", "to", "parameters": {}}
                             {"event": "heard", "sid", "text", "language", "kind", "at"}
                             {"event": "answered", "sid"}    {"event": "ended", "sid", "status"}
                             {"event": "message", "sid", "from", "to", "body"}
                             {"event": "refused", "why"}
A telephone whose connection is lost has hung up.
"""

import asyncio
import hmac
import json

from aiohttp import WSCloseCode, WSMsgType, encode_basic_auth, web

from carrier.characters import whole
from carrier.exchange import Exchange
from carrier.leg import Leg
from carrier.model import Account, Message
from carrier.sounds import Heard

HEARTBEAT = 20.0
"""Seconds between pings; a telephone that doesn't answer one is gone."""
LAST_WORDS = 2.0
"""Seconds that a telephone is given to take what is left to tell it."""
DEEDS = ("answer", "decline", "press", "speak", "hang-up")


def routes(exchange: Exchange) -> list[web.RouteDef]:
    """The telephones' socket, for a carrier that serves `exchange`; it closes them when it stops."""
    connected = Extension.closed_with(exchange)

    async def phone(request: web.Request) -> web.StreamResponse:
        if not _knows(exchange.account, request):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="telephones"'})
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        await Extension(exchange, socket).serve_among(connected)
        return socket

    return [web.get("/phone", phone)]


def _knows(account: Account, request: web.Request) -> bool:
    expected = encode_basic_auth(account.sid, account.token)
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, expected.encode())


class Extension:
    """The carrier's end of one telephone's socket."""

    def __init__(self, exchange: Exchange, socket: web.WebSocketResponse) -> None:
        self._exchange = exchange
        self._socket = socket
        self._addresses: list[str] = []
        self._calls: set[str] = set()
        self._out: asyncio.Queue[dict[str, object] | None] = asyncio.Queue()
        self._writer = exchange.spawn(self._write())

    @staticmethod
    def closed_with(exchange: Exchange) -> "set[Extension]":
        """A set for those that are connected: they are closed when the exchange is."""
        connected: set[Extension] = set()

        async def close_all() -> None:
            await asyncio.gather(*(extension.close() for extension in list(connected)))

        exchange.closing.append(close_all)
        return connected

    async def serve_among(self, connected: "set[Extension]") -> None:
        """Until the telephone goes away, one of those that are connected."""
        connected.add(self)
        try:
            await self.serve()
        finally:
            connected.discard(self)

    async def serve(self) -> None:
        """Until the telephone goes away."""
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    self._read(str(frame.data))
        except ConnectionError:
            pass  # it went while its ping was being answered
        finally:
            self.unregister()
            for sid in list(self._calls):
                self._exchange.act(sid, "hang-up")
            self._out.put_nowait(None)
            await asyncio.wait([self._writer])

    def unregister(self) -> None:
        """From now on it rings nowhere."""
        for address in self._addresses:
            self._exchange.unregister(address, self)
        self._addresses.clear()

    async def close(self) -> None:
        """Tell the telephone what there is to tell, and that the carrier stops."""
        self._out.put_nowait(None)
        await asyncio.wait([self._writer], timeout=LAST_WORDS)

    def rings(self, leg: Leg) -> "Extension.Line":
        call = leg.call
        self._calls.add(call.sid)
        told = {"from": call.from_, "to": call.to, "parameters": dict(leg.parameters)}
        self.send("rings", sid=call.sid, **told)
        return Extension.Line(self, call.sid)

    def texted(self, message: Message) -> None:
        told = {"from": message.from_, "to": message.to, "body": message.body}
        self.send("message", sid=message.sid, **told)

    def send(self, event: str, **told: object) -> None:
        self._out.put_nowait({"event": event, **told})

    def over(self, sid: str) -> None:
        self._calls.discard(sid)

    async def _write(self) -> None:
        """A telephone that can't be told anything more is let go: it would be deaf and not know it."""
        try:
            while (frame := await self._out.get()) is not None:
                await self._socket.send_str(json.dumps(frame, ensure_ascii=False))
        except ConnectionError:
            pass  # it has gone; serve() notices too
        finally:
            await self._socket.close(code=WSCloseCode.GOING_AWAY)

    def _read(self, text: str) -> None:
        try:
            frame = json.loads(text)
            words = {str(name): whole(str(value)) for name, value in frame.items()}
        except (ValueError, AttributeError, RecursionError):
            self.send("refused", why="a frame is a JSON object")
        else:
            self.obey(words)

    def obey(self, words: dict[str, str]) -> None:
        """Do what a frame asks for."""
        match words.get("do"):
            case "register" if words.get("address"):
                self._addresses.append(words["address"])
                self._exchange.register(words["address"], self)
                self.send("registered")
            case "dial" if words.get("to") and words.get("from"):
                self._dial(words)
            case deed if deed in DEEDS and words.get("sid") in self._calls:
                self._exchange.act(words["sid"], deed, words.get("words", ""), words.get("language", ""))
            case deed if deed in DEEDS:
                pass  # the call has just ended; the telephone is about to be told
            case _:
                self.send("refused", why=f"not understood: {json.dumps(words, ensure_ascii=False)[:200]}")

    def _dial(self, words: dict[str, str]) -> None:
        line = Extension.Line(self)
        leg = self._exchange.dial(line, words["to"], words["from"])
        told = {"from": leg.call.from_, "to": leg.call.to, "status": leg.call.status}
        self.send("dialled", id=words.get("id"), sid=leg.call.sid, **told)
        if leg.call.live:
            self._calls.add(leg.call.sid)
        line.sid = leg.call.sid

    class Line:
        """What the exchange tells one call of the telephone's."""

        def __init__(self, extension: "Extension", sid: str = "") -> None:
            self._extension = extension
            self.sid = sid

        def heard(self, heard: Heard) -> None:
            told = {"text": heard.text, "language": heard.language, "kind": heard.kind}
            self._extension.send("heard", sid=self.sid, at=heard.at.isoformat(), **told)

        def answered(self) -> None:
            self._extension.send("answered", sid=self.sid)

        def ended(self, status: str) -> None:
            self._extension.over(self.sid)
            self._extension.send("ended", sid=self.sid, status=status)
