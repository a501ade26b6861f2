"""A telephone's end of the socket: connects, and again with growing pauses when the carrier is away."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any

import aiohttp

from carrier.clock import RealClock
from carrier.line import Line
from carrier.model import Message
from carrier.sounds import Heard

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
ANSWER_WITHIN = 10.0
"""Seconds that the carrier has to say that it has taken a call."""
HEARTBEAT = 20.0

Frame = dict[str, Any]


class NoCarrier(ConnectionError):
    """The carrier can't be reached, or doesn't accept this telephone."""


async def connect(
    url: str,
    login: tuple[str, str],
    address: str | None,
    ring: Callable[[Line], None],
    text: Callable[[Message], None],
) -> "Wire":
    """A connected telephone. Raises NoCarrier if the carrier isn't there or refuses the account."""
    wire = Wire(_socket_url(url), login, address, ring, text)
    try:
        await wire.open()
    except (aiohttp.ClientError, OSError) as trouble:
        await wire.close()
        raise NoCarrier(f"no carrier at {url}: {trouble}") from trouble
    return wire


def _socket_url(url: str) -> str:
    return url if url.rstrip("/").endswith("/phone") else url.rstrip("/") + "/phone"


class Wire:
    """The socket, and the calls on it. When the connection is lost the calls have failed."""

    def __init__(
        self,
        url: str,
        login: tuple[str, str],
        address: str | None,
        ring: Callable[[Line], None],
        text: Callable[[Message], None],
    ) -> None:
        self._url = url
        self._headers = {"Authorization": aiohttp.encode_basic_auth(*login)}
        self._address = address
        self._ring = ring
        self._text = text
        self._clock = RealClock()
        self._lines: dict[str, Line] = {}
        self._dialled: dict[str, asyncio.Future[Line]] = {}
        self._numbers = count(1)
        self._session = aiohttp.ClientSession()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect and register; from then on stay connected."""
        await self._connect()
        self._reader = asyncio.create_task(self._stay())

    @property
    def connected(self) -> bool:
        return self._socket is not None and not self._socket.closed

    async def dial(self, to: str, from_: str) -> Line:
        number = str(next(self._numbers))
        dialled: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._dialled[number] = dialled
        try:
            await self._send({"do": "dial", "id": number, "to": to, "from": from_})
            return await asyncio.wait_for(dialled, ANSWER_WITHIN)
        except TimeoutError:
            raise NoCarrier(f"{self._url} did not take the call") from None
        finally:
            del self._dialled[number]

    async def act(self, sid: str, deed: str, words: str = "", language: str = "") -> None:
        """On a call that is over, or is lost with the connection in this moment, nothing happens."""
        if self._lines[sid].live:
            with suppress(NoCarrier):
                await self._send({"do": deed, "sid": sid, "words": words, "language": language})

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        return await self._clock.until(true, within)

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.wait([self._reader])
        if self._socket is not None:
            await self._socket.close()
        await self._session.close()
        self._lose()

    async def _connect(self) -> None:
        self._socket = await self._session.ws_connect(self._url, headers=self._headers, heartbeat=HEARTBEAT)
        if self._address is not None:
            await self._send({"do": "register", "address": self._address})
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._registered(self._socket)

    async def _registered(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Wait until the carrier says that it has taken the address. Raises NoCarrier."""
        while True:
            frame = await socket.receive()
            if frame.type is not aiohttp.WSMsgType.TEXT:
                raise NoCarrier(f"{self._url} closed before it said anything")
            if frame.json().get("event") == "registered":
                return

    async def _stay(self) -> None:
        pause = FIRST_PAUSE
        while True:
            if self._socket is not None:
                pause = FIRST_PAUSE
                async for frame in self._socket:
                    if frame.type is not aiohttp.WSMsgType.TEXT:
                        break  # a ping without its pong: the connection is dead
                    self._read(frame.json())
                await self._drop()
                self._lose()
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await self._connect()
            except (aiohttp.ClientError, OSError):
                await self._drop()  # still away

    async def _drop(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def _send(self, frame: Frame) -> None:
        if self._socket is None or self._socket.closed:
            raise NoCarrier(f"{self._url} is away")
        try:
            await self._socket.send_json(frame)
        except ConnectionError:
            raise NoCarrier(f"{self._url} is away") from None

    def _read(self, frame: Frame) -> None:
        match frame:
            case {"event": "dialled", "id": number}:
                line = self._line(frame, frame["status"])
                waiting = self._dialled.get(str(number))
                if waiting is not None and not waiting.done():
                    waiting.set_result(line)
            case {"event": "rings"}:
                self._ring(self._line(frame, "ringing"))
            case {"event": "message"}:
                self._text(_message(frame))
            case {"sid": sid} if sid in self._lines:
                _tell(self._lines[sid], frame)
        self._clock.activity.beat()

    def _line(self, frame: Frame, status: str) -> Line:
        line = Line(self, frame["sid"], frame["from"], frame["to"], status, frame.get("parameters"))
        self._lines[line.sid] = line
        return line

    def _lose(self) -> None:
        """Without a connection there is no call."""
        for line in self._lines.values():
            if line.live:
                line.status = "failed"
        self._clock.activity.beat()


def _tell(line: Line, frame: Frame) -> None:
    match frame:
        case {"event": "heard", "text": text, "language": language, "kind": kind, "at": at}:
            line.heard.append(Heard(text, language, kind, datetime.fromisoformat(at)))
        case {"event": "answered"}:
            line.status = "in-progress"
        case {"event": "ended", "status": status}:
            line.status = status


def _message(frame: Frame) -> Message:
    now = RealClock().now()
    return Message(frame["sid"], "", frame["from"], frame["to"], frame["body"], now, now, status="received")
