"""Media streams: a call's sound on a WebSocket of the app's, one way (<Start>) or both ways (<Connect>).

The app gets   connected, start, media (20 ms of μ-law each, base64), dtmf, mark, stop
and may send   media, mark, clear, where the stream goes both ways
Numbers that count are text, as Twilio writes them.
"""

import asyncio
import binascii
import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from carrier.callbacks import Reports
from carrier.fetch import FetchFailed
from carrier.ids import new_sid
from carrier.media.pipe import SECONDS, Pipe
from carrier.model import Callback, Request

if TYPE_CHECKING:
    from carrier.leg import Leg

MALFORMED, INVALID = 31950, 31951
FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
LATE = 500
"""Frames that wait to be sent at most, ten seconds of one track: an app that reads no faster misses some."""
STUCK = 10.0
"""Seconds after which an app that takes nothing more is gone."""
GOODBYE = 2.0
"""Seconds that the app is given to take the end of a stream."""
Frame = dict[str, Any]
TRACKS = {
    "inbound_track": ("inbound",),
    "outbound_track": ("outbound",),
    "both_tracks": ("inbound", "outbound"),
}
"""What an app may listen to."""


@dataclass(frozen=True)
class Order:
    """What a <Stream> asks for."""

    url: str
    name: str
    tracks: tuple[str, ...] = ("inbound",)
    both_ways: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)
    callback: Callback | None = None


class Stream:
    """One stream of a call. It is over when the app closes its socket, or when it is stopped."""

    def __init__(self, leg: "Leg", order: Order) -> None:
        self.sid = new_sid("MZ")
        self.order = order
        self.over = False
        self._leg = leg
        self._reports = Reports(leg.exchange, numbered=False)
        self._when_over: list[Callable[[], None]] = []
        self._out: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._sequence = self._pieces = self._chunks = 0
        self._marks: deque[tuple[int, str]] = deque()
        self._warned: set[int] = set()
        self._pipe: Pipe | None = None
        self._stopped = False
        leg.exchange.spawn(self._run())

    def when_over(self, then: Callable[[], None]) -> None:
        self._when_over.append(then)

    def stop(self) -> None:
        """End it from the carrier's side; the app is told, and nothing after that."""
        self._stopped = True
        if self._pipe is not None:
            self._pipe.close()
        self._out.put_nowait(None)

    def press(self, key: str) -> None:
        self._send("dtmf", dtmf={"track": "inbound_track", "digit": key})

    async def _run(self) -> None:
        exchange, call = self._leg.exchange, self._leg.call
        try:
            socket = await exchange.fetcher.socket(self.order.url, call.sid)
        except FetchFailed as failed:
            self._complain(failed.code, failed.why, "error")
            self._tell("stream-error", StreamError=f"{failed.code}: {failed.why}")
        else:
            self._tell("stream-started")
            await self._talk(socket)
            self._tell("stream-stopped")
        finally:
            self.over = True
            for then in self._when_over:
                then()

    async def _talk(self, socket: ClientWebSocketResponse) -> None:
        if self._stopped:  # while the socket was being opened
            return await _shut(socket)
        self._out.put_nowait({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        self._send("start", start=self._about())
        self._pipe = pipe = self._leg.exchange.medium.pipe(
            self._leg, self._piece, self.order.name or "stream"
        )
        writing = self._leg.exchange.spawn(self._write(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._read(str(message.data), pipe)
                elif message.type is WSMsgType.BINARY:
                    self._complain(MALFORMED, "a message in binary form: Twilio's are text")
        finally:
            pipe.close()
            writing.cancel()
            await _shut(socket)
        return None

    def _about(self) -> Frame:
        call = self._leg.call
        return {
            "accountSid": call.account_sid,
            "streamSid": self.sid,
            "callSid": call.sid,
            "tracks": list(self.order.tracks),
            "mediaFormat": FORMAT,
            "customParameters": dict(self.order.parameters),
        }

    # to the app
    def _send(self, event: str, **told: Any) -> None:
        if not self._stopped:
            self._out.put_nowait(self._numbered(event, **told))

    def _numbered(self, event: str, **told: Any) -> Frame:
        self._sequence += 1
        return {"event": event, "sequenceNumber": str(self._sequence), **told, "streamSid": self.sid}

    def _piece(self, said: bytes, hears: bytes) -> None:
        """20 ms of the call's sound."""
        moment = round(self._pieces * SECONDS * 1000)
        self._pieces += 1
        if self._out.qsize() < LATE:
            for track in self.order.tracks:
                self._chunks += 1
                sound = b64encode(said if track == "inbound" else hears).decode()
                media = {
                    "track": track,
                    "chunk": str(self._chunks),
                    "timestamp": str(moment),
                    "payload": sound,
                }
                self._send("media", media=media)
        self._tell_marks()

    def _tell_marks(self) -> None:
        """Marks come back when what the app sent before them has been heard, or cleared."""
        while self._pipe is not None and self._marks and self._marks[0][0] <= self._pipe.played:
            self._send("mark", mark={"name": self._marks.popleft()[1]})

    async def _write(self, socket: ClientWebSocketResponse) -> None:
        try:
            while (frame := await self._out.get()) is not None:
                async with asyncio.timeout(STUCK):
                    await socket.send_str(json.dumps(frame))
            call = self._leg.call
            stop = self._numbered("stop", stop={"accountSid": call.account_sid, "callSid": call.sid})
            async with asyncio.timeout(GOODBYE):
                await socket.send_str(json.dumps(stop))
        except (ConnectionError, TimeoutError):
            pass  # it is gone
        await _shut(socket)

    # from the app
    def _read(self, text: str, pipe: Pipe) -> None:
        try:
            frame = json.loads(text)
            event = frame["event"]
            if not self.order.both_ways:
                raise ValueError(f"{event!r} on a stream that goes one way")
            if frame["streamSid"] != self.sid:
                raise ValueError(f"streamSid is not that of this stream, {self.sid}")
            self._obey(event, frame, pipe)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
            self._complain(INVALID, f"not a message that a stream knows ({wrong!r}): {text[:200]}")

    def _obey(self, event: str, frame: Frame, pipe: Pipe) -> None:
        match event:
            case "media":
                pipe.play(_sound(frame["media"]["payload"]))
            case "mark":
                self._marks.append((pipe.queued, str(frame["mark"]["name"])))
            case "clear":
                pipe.clear()
            case _:
                raise ValueError(f"event {event!r}")
        self._tell_marks()

    # to the debugger's log, and to the app's callback
    def _complain(self, code: int, why: str, level: str = "warning") -> None:
        """Once for each code in one stream, as Twilio does."""
        if code not in self._warned:
            self._warned.add(code)
            request = Request(self.order.url, "GET")
            self._leg.exchange.alert(code, why, level=level, call=self._leg.call, request=request)

    def _tell(self, event: str, **more: str) -> None:
        if self.order.callback is None:
            return
        call, now = self._leg.call, self._leg.exchange.clock.now()
        told = {
            "AccountSid": call.account_sid,
            "CallSid": call.sid,
            "StreamSid": self.sid,
            "StreamName": self.order.name or self.sid,
            "StreamEvent": event,
            "Timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        self._reports.send(self.order.callback, told | more, call)


async def _shut(socket: ClientWebSocketResponse) -> None:
    """Close it; an app that doesn't take even that is left."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE):
            await socket.close()


def _sound(payload: str) -> bytes:
    try:
        return b64decode(payload, validate=True)
    except binascii.Error as wrong:
        raise ValueError(f"payload is not base64: {wrong}") from wrong
