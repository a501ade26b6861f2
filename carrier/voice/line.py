"""The sound of one call in the browser: a WebRTC connection, what comes in by it, and what goes out."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import SessionDescription
from av import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from carrier.speech.pcm import Samples
from carrier.voice.player import FRAME, LONGEST, RATE, TICK, Player

GONE = 6.0
"""Seconds without a sound from the browser, which sends silence too: after them it is gone."""
LATE = 10
"""Pieces that wait to be mixed at most: what comes in faster is dropped, so that a talk never lags."""
FRESH = 2
"""Pieces that may wait all the time, against the unevenness of a network."""
WATCHED = int(1 / TICK)
"""Pieces after which it is seen how many have waited all the time."""
SIGNALS = 10.0
"""Seconds of keys and beeps that wait to be heard at most."""
SILENCE: Samples = np.zeros(FRAME, np.int16)


class Line:
    """A call's sound. `lost` is called when the connection has failed, was closed, or has fallen silent."""

    def __init__(self, lost: Callable[[], None]) -> None:
        # No server elsewhere is asked for an address: the call would wait for it, and it would know.
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._describing = asyncio.Lock()
        self._lost = lost
        self._out = Outgoing()
        self._heard: deque[Samples] = deque(maxlen=LATE)
        self._players: list[Player] = []
        self.signals = self.player(SIGNALS)
        """Plays keys and beeps."""
        self._listening: asyncio.Task[None] | None = None
        self._missed = 0
        self._watched, self._waiting = 0, LATE
        self._decided = asyncio.Event()
        self._peer.addTrack(self._out)
        self._peer.on("track", self._listen)
        self._peer.on("connectionstatechange", self._changed)

    async def offer(self) -> str:
        """The session description that the browser is to answer."""
        async with self._describing:
            await self._peer.setLocalDescription(await self._peer.createOffer())
        return str(self._peer.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """The browser's answer. ValueError where it is none, or has no voice."""
        async with self._describing:
            await self._remote(answer, "answer")

    async def answer(self, offer: str) -> str:
        """The answer to the browser's offer. ValueError where it is none, or has no voice."""
        async with self._describing:
            await self._remote(offer, "offer")
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        return str(self._peer.localDescription.sdp)

    async def up(self, within: float) -> bool:
        """Whether the connection carries sound; waits until that is decided, or for so many seconds."""
        try:
            await asyncio.wait_for(self._decided.wait(), within)
        except TimeoutError:
            return False
        return bool(self._peer.connectionState == "connected")

    async def close(self) -> None:
        for player in self._players:
            player.stop()
        self._out.stop()
        async with self._describing:  # closed in the middle of that, a connection leaves its sockets open
            if self._listening is not None:
                self._listening.cancel()
            await self._peer.close()

    def player(self, longest: float = LONGEST) -> Player:
        """Something more that the browser hears, until it is dropped."""
        self._players.append(Player(longest))
        return self._players[-1]

    def drop(self, player: Player) -> None:
        """It is heard no more."""
        player.stop()
        self._players.remove(player)

    def prompts(self) -> NDArray[np.int32]:
        """The next piece of what is played."""
        total = np.zeros(FRAME, np.int32)
        for player in self._players:
            player.add_to(total)
        return total

    def voice(self) -> Samples | None:
        """The next piece of what comes in by the microphone, if there is one. Asked at each tick: where none
        has come for too long, the line is lost."""
        self._lag_less()
        if self._heard:
            self._missed = 0
            return self._heard.popleft()
        self._missed += 1
        if self._missed == int(GONE / TICK):
            asyncio.get_running_loop().call_soon(self._lost)  # not now: everybody's sound is being mixed
        return None

    def send(self, samples: Samples) -> None:
        self._out.put(samples)

    @property
    def lag(self) -> float:
        """Seconds of what has come in that wait to be mixed."""
        return len(self._heard) * TICK

    def _lag_less(self) -> None:
        """Let go what has waited all through a second, as it does once the machine was too slow: the talk
        would lag by it from then on."""
        self._watched, self._waiting = self._watched + 1, min(self._waiting, len(self._heard))
        if self._watched == WATCHED:
            for _ in range(self._waiting - FRESH):
                self._heard.popleft()
            self._watched, self._waiting = 0, LATE

    async def _remote(self, sdp: str, kind: str) -> None:
        try:
            described = SessionDescription.parse(sdp).media
            if [media.kind for media in described if media.port] != ["audio"] or len(described) > 1:
                raise ValueError("it has to be of one sound and nothing else")
            if described[0].direction not in ("sendrecv", "sendonly"):
                raise ValueError("it sends no sound: is there a microphone?")
            await self._peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type=kind))
        except Exception as error:  # aiortc fails in many ways on a description that is none
            raise ValueError(f"not a session description of a call: {error}") from error

    def _listen(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.ensure_future(self._take_in(track))

    async def _take_in(self, track: MediaStreamTrack) -> None:
        rest: Samples = np.zeros(0, np.int16)
        async for samples in sound_of(track):
            rest = np.concatenate((rest, samples))
            while len(rest) >= FRAME:
                self._heard.append(rest[:FRAME])
                rest = rest[FRAME:]

    def _changed(self) -> None:
        if self._peer.connectionState in ("connected", "failed", "closed"):
            self._decided.set()
        if self._peer.connectionState in ("failed", "closed"):
            self._lost()


async def sound_of(track: MediaStreamTrack) -> AsyncIterator[Samples]:
    """What a track carries, at RATE, until it ends."""
    down = AudioResampler(format="s16", layout="mono", rate=RATE)
    while True:
        try:
            frame: Any = await track.recv()
        except MediaStreamError:
            return
        for each in down.resample(frame):
            yield each.to_ndarray()[0]


class Outgoing(MediaStreamTrack):
    """What is sent to the browser: a piece each time the mixer has made one."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._pieces: asyncio.Queue[Samples] = asyncio.Queue(LATE)
        self._at = 0

    def put(self, samples: Samples) -> None:
        if not self._pieces.full():  # a connection that does not take it yet misses the beginning
            self._pieces.put_nowait(samples)

    async def recv(self) -> AudioFrame:
        """The next piece, as the sender asks for it."""
        if self.readyState != "live":
            raise MediaStreamError
        samples = await self._pieces.get()
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += len(samples)
        return frame
