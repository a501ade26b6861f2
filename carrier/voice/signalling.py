"""Telephones in the browser, at /signal: the signalling that @twilio/voice-sdk 2 speaks.

Frames are {"type", "payload", "version"}. The browser sends listen (its token), register, invite (a call out,
with its session description), answer, dtmf, hangup, reject, message; it gets connected, ready, invite (a call
in), ringing, answer, hangup, cancel, error, message. A lone line break is a sign of life, and is answered
with one. Undocumented by Twilio, so the version is pinned.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import WSCloseCode, WSMsgType, web

from carrier.characters import whole
from carrier.clock import Timer
from carrier.ids import new_sid
from carrier.sounds import Heard
from carrier.text import LONGEST
from carrier.voice.line import Line
from carrier.voice.token import EXPIRED, Grant, TokenRefused, read

if TYPE_CHECKING:
    from carrier.exchange import Exchange
    from carrier.leg import Leg
    from carrier.model import Message
    from carrier.voice.mixer import Mixer

HEARTBEAT = 10.0
"""Seconds between pings, and between signs of life where there is nothing to tell: the SDK sees no pings,
and takes a carrier that was silent for 15 seconds for dead; its calls end."""
ALIVE = "\n"
VERSION = "1.6"
MALFORMED, NOT_LISTENING, TRANSPORT, NO_MEDIA = 31100, 31204, 31005, 53405
CONNECTING = 15.0
"""Seconds that a browser's sound is given to get through."""
LAST_WORDS = 2.0
"""Seconds that a browser is given to take what is left to tell it."""
MOST_CALLS = 10
"""Calls of one browser at once: more is a page that has lost its mind."""
MOST_KEYS = 100
"""Keys that count of those that are pressed in one frame."""
Frame = dict[str, Any]


def routes(exchange: "Exchange", mixer: "Mixer") -> list[web.RouteDef]:
    """The browsers' socket, for a carrier that serves `exchange`; it closes them when it stops."""
    connected: set[Browser] = set()

    async def close_all() -> None:
        await asyncio.gather(*(browser.close() for browser in list(connected)))

    exchange.closing.append(close_all)

    async def signal(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=256 * 1024)
        await socket.prepare(request)
        browser = Browser(exchange, mixer, socket)
        connected.add(browser)
        try:
            await browser.serve()
        finally:
            connected.discard(browser)
        return socket

    return [web.get("/signal", signal)]


class Browser:
    """The carrier's end of one browser's socket."""

    def __init__(self, exchange: "Exchange", mixer: "Mixer", socket: web.WebSocketResponse) -> None:
        self.exchange = exchange
        self.mixer = mixer
        self._socket = socket
        self._grant: Grant | None = None
        self._registered = False
        self._expiry: Timer | None = None
        self._calls: dict[str, Handset] = {}
        self._out: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._writing = exchange.spawn(self._write())

    async def serve(self) -> None:
        """Until the browser goes away: then its calls have hung up."""
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    self._read(str(frame.data))
        except ConnectionError:
            pass  # it went while its ping was being answered
        finally:
            self._writing.cancel()
            self._unregister()
            if self._expiry is not None:
                self._expiry.cancel()
            for handset in list(self._calls.values()):
                handset.hang_up()

    async def close(self) -> None:
        """Tell the browser what there is to tell, and that the carrier stops."""
        for handset in list(self._calls.values()):
            handset.hang_up()
        self._out.put_nowait(None)
        await asyncio.wait([self._writing], timeout=LAST_WORDS)

    # what the exchange tells
    def rings(self, leg: "Leg") -> "Handset":
        handset = Handset(self, leg.call.sid)
        handset.leg = leg
        self._calls[leg.call.sid] = handset
        self.exchange.spawn(handset.ring(leg))
        return handset

    def texted(self, message: "Message") -> None:
        """A browser has no place for text messages."""

    def tell(self, kind: str, **payload: Any) -> None:
        self._out.put_nowait({"type": kind, "payload": payload, "version": VERSION})

    def fail(self, code: int, why: str, sid: str = "") -> None:
        self.tell("error", error={"code": code, "message": why}, **({"callsid": sid} if sid else {}))

    def over(self, sid: str) -> None:
        self._calls.pop(sid, None)

    async def _write(self) -> None:
        try:
            while (text := await self._next()) is not None:
                await self._socket.send_str(text)
        except ConnectionError:
            pass  # it has gone; serve() notices too
        finally:
            await self._socket.close(code=WSCloseCode.GOING_AWAY)

    async def _next(self) -> str | None:
        """What there is to tell, or that the carrier is there; None at the end."""
        try:
            frame = await asyncio.wait_for(self._out.get(), HEARTBEAT)
        except TimeoutError:
            return ALIVE
        return None if frame is None else json.dumps(frame)

    # what the browser says
    def _read(self, text: str) -> None:
        if text == ALIVE:
            return
        try:
            frame = json.loads(text)
            kind, payload = frame["type"], frame.get("payload") or {}
            sid = str(payload.get("callsid") or "")
            twilio = payload.get("twilio") or {}
            params = dict(parse_qsl(str(twilio.get("params") or "")))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.fail(MALFORMED, "a frame is a JSON object with type and payload")
            return
        if kind == "listen":
            self._listen(str(payload.get("token") or ""))
        elif sid in self._calls:
            self._calls[sid].told(kind, payload)
        elif self._grant is None:
            self.fail(NOT_LISTENING, "listen with a token first", sid)
        elif kind == "register":
            self._register()
        elif kind == "invite":
            self._invite(self._grant, sid, params, str(payload.get("sdp") or ""))

    def _listen(self, token: str) -> None:
        try:
            grant = read(self.exchange.account, token)
        except TokenRefused as refused:
            self.fail(refused.code, refused.why)
            return
        if self._grant and self._grant.identity != grant.identity:
            self._unregister()
        self._grant = grant
        self._expire()
        self.tell("connected", region="local", edge="local")

    def _expire(self) -> None:
        """A token is good until it runs out; calls that go on then go on."""
        if self._expiry is not None:
            self._expiry.cancel()
        if self._grant is not None:
            left = max(self._grant.expires - self.exchange.clock.now().timestamp(), 0)
            self._expiry = self.exchange.clock.call_later(left, self._expired)

    def _expired(self) -> None:
        self._unregister()
        self._grant = None
        self.fail(EXPIRED, "the access token has expired: listen with another")

    def _unregister(self) -> None:
        if self._registered and self._grant:
            self.exchange.unregister(f"client:{self._grant.identity}", self)
        self._registered = False

    def _register(self) -> None:
        if self._grant and self._grant.incoming and not self._registered:
            self._registered = True
            self.exchange.register(f"client:{self._grant.identity}", self)
        self.tell("ready")

    def _invite(self, grant: Grant, sid: str, params: Mapping[str, str], sdp: str) -> None:
        if not grant.outgoing or len(self._calls) >= MOST_CALLS:
            full = f"this browser has {MOST_CALLS} calls already"
            self.fail(MALFORMED, full if grant.outgoing else "this token may not call out", sid)
            self.tell("hangup", callsid=sid)
            return
        handset = Handset(self, sid or new_sid("CA"))
        self._calls[handset.sid] = handset
        self.exchange.spawn(handset.dial(grant, params, sdp))


class Handset:
    """One call of a browser's."""

    def __init__(self, browser: Browser, sid: str) -> None:
        self._browser = browser
        self.sid = sid
        """What the browser calls the call: its own word for one that it dials, until it is told the SID."""
        self.leg: Leg | None = None
        self._gone = False
        self._line = Line(self._lost)

    async def ring(self, leg: "Leg") -> None:
        """Offer a call that comes in; the SDK makes customParameters of Params."""
        call = leg.call
        parameters = {"CallSid": call.sid, "From": call.from_, "To": call.to, "AccountSid": call.account_sid}
        if leg.parameters:
            parameters["Params"] = urlencode(leg.parameters)
        sdp = await self._line.offer()
        if call.live:
            self._browser.tell("invite", callsid=call.sid, sdp=sdp, parameters=parameters)

    async def dial(self, grant: Grant, params: Mapping[str, str], sdp: str) -> None:
        """Place a call that goes out, to the token's application or a number of the carrier's own, as soon as
        it can be heard."""
        browser = self._browser
        try:
            browser.tell("answer", callsid=self.sid, sdp=await self._line.answer(sdp))
        except ValueError as why:
            return await self._give_up(MALFORMED, str(why))
        connected = await self._line.up(CONNECTING)
        if self._gone:
            return None
        if not connected:
            return await self._give_up(NO_MEDIA, "the browser's sound does not get through")
        self.leg = leg = self._dial(grant, params)
        if not leg.call.live:
            return await self._give_up(TRANSPORT, f"there is no number {params.get('To', '')!r} here")
        return browser.mixer.open(leg, self._line)

    def _dial(self, grant: Grant, params: Mapping[str, str]) -> "Leg":
        """The token's application answers, if the carrier has it, else whoever has the number `To`."""
        exchange, caller = self._browser.exchange, f"client:{grant.identity}"
        if grant.application in exchange.applications:
            return exchange.dial_application(self, grant.application, caller, params)
        return exchange.dial(self, params.get("To", ""), params.get("From") or caller)

    async def _give_up(self, code: int, why: str) -> None:
        """Tell the browser why there is no call, and that it is over."""
        self._browser.fail(code, why, self.sid)
        self._browser.tell("hangup", callsid=self.sid)
        self._browser.over(self.sid)
        await self._line.close()

    def told(self, kind: str, payload: Mapping[str, Any]) -> None:
        """What the browser does in this call."""
        leg = self.leg
        match kind:
            case "hangup":
                self.hang_up()
            case _ if leg is None:
                pass  # it is not placed yet
            case "answer":
                self._browser.exchange.spawn(self._take(leg, str(payload.get("sdp") or "")))
            case "dtmf":
                leg.press(str(payload.get("dtmf") or "")[:MOST_KEYS])
            case "reject":
                leg.decline()
            case "message" if words := _written(payload.get("content")):
                leg.speak(words)

    async def _take(self, leg: "Leg", sdp: str) -> None:
        try:
            await self._line.take(sdp)
        except ValueError as why:
            self._browser.fail(MALFORMED, str(why), self.sid)
            leg.hang_up()
            return
        connected = await self._line.up(CONNECTING)
        if not leg.call.live:
            return  # whoever called has given up meanwhile
        if connected:
            self._browser.mixer.open(leg, self._line)
            leg.answer()
        else:
            self._browser.fail(NO_MEDIA, "the browser's sound does not get through", self.sid)
            leg.hang_up()

    def hang_up(self) -> None:
        """The browser has hung up, or is gone."""
        if self.leg is None:
            self._gone = True
            self._browser.over(self.sid)
            self._browser.exchange.spawn(self._line.close())
        elif self.leg.call.live:
            self.leg.hang_up()

    def _lost(self) -> None:
        """Its sound is gone; while it is still being connected that is noticed there."""
        if self.leg is not None:
            self.hang_up()

    # what the exchange tells
    def heard(self, heard: Heard) -> None:
        told = {"text": heard.text, "language": heard.language, "kind": heard.kind}
        self._browser.tell(
            "message",
            callsid=self.sid,
            content=told,
            contenttype="application/json",
            messagetype="user-defined-message",
            voiceeventsid=new_sid("KX"),
        )

    def answered(self) -> None:
        """Nothing: whoever dials is connected to the carrier already."""

    def ended(self, status: str) -> None:
        self._browser.tell("hangup" if status in ("completed", "failed") else "cancel", callsid=self.sid)
        self._browser.over(self.sid)
        if self.leg is not None:
            self._browser.mixer.shut(self.leg)
        self._browser.exchange.spawn(self._line.close())


def _written(content: object) -> str:
    """The words of {"text"}: whoever cannot or will not say them has them spoken to the other side."""
    words = content.get("text") if isinstance(content, dict) else None
    return whole(words)[:LONGEST] if isinstance(words, str) else ""
