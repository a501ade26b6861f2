"""The sound of one call in the browser: a WebRTC connection, what comes in by it, and what goes out."""

import asyncio
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame
from av.audio.resampler import AudioResampler

from carrier.speech.pcm import Samples

RATE = 8000
"""Samples a second: what a telephone carries."""
TICK = 0.02
"""Seconds of sound that are mixed at once."""
FRAME = int(RATE * TICK)
GONE = 6.0
"""Seconds without a sound from the browser, which sends silence too: after them it is gone."""
LATE = 10
"""Frames that wait to be mixed at most: what comes in faster is dropped, so that a talk never lags."""
SILENCE: Samples = np.zeros(FRAME, np.int16)


class Line:
    """A call's sound. `lost` is called when the connection has failed, was closed, or has fallen silent."""

    def __init__(self, lost: Callable[[], None]) -> None:
        self._peer = RTCPeerConnection()
        self._lost = lost
        self._out = Outgoing()
        self._heard: deque[Samples] = deque(maxlen=LATE)
        self._rest: Samples = np.zeros(0, np.int16)
        self._prompt = bytearray()
        self.queued = self.played = 0
        """Samples that were given to be heard, and that were, or were hushed."""
        self._listening: asyncio.Task[None] | None = None
        self._missed = 0
        self._decided = asyncio.Event()
        self._peer.addTrack(self._out)
        self._peer.on("track", self._listen)
        self._peer.on("connectionstatechange", self._changed)

    async def offer(self) -> str:
        """The session description that the browser is to answer."""
        await self._peer.setLocalDescription(await self._peer.createOffer())
        return str(self._peer.localDescription.sdp)

    async def take(self, answer: str) -> None:
        """The browser's answer. ValueError where it is none."""
        await self._remote(answer, "answer")

    async def answer(self, offer: str) -> str:
        """The answer to the browser's offer. ValueError where it is none."""
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
        self._out.stop()
        if self._listening is not None:
            self._listening.cancel()
        await self._peer.close()

    def play(self, samples: Samples) -> None:
        """Let the browser hear this, after whatever it hears already."""
        self._prompt += samples.tobytes()
        self.queued += len(samples)

    def hush(self) -> None:
        """Whatever was played stops."""
        self._prompt.clear()
        self.played = self.queued

    def prompt(self) -> Samples:
        """The next piece of what is played; the rest of a piece is silence."""
        if not self._prompt:
            return SILENCE
        piece = np.frombuffer(bytes(self._prompt[: FRAME * 2]), np.int16)
        del self._prompt[: FRAME * 2]
        self.played += len(piece)
        return piece if len(piece) == FRAME else np.pad(piece, (0, FRAME - len(piece)))

    def voice(self) -> Samples | None:
        """The next piece of what comes in by the microphone, if there is one. Asked at each tick: where none
        has come for too long, the line is lost."""
        if self._heard:
            self._missed = 0
            return self._heard.popleft()
        self._missed += 1
        if self._missed == int(GONE / TICK):
            self._lost()
        return None

    def send(self, samples: Samples) -> None:
        self._out.put(samples)

    async def _remote(self, sdp: str, kind: str) -> None:
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type=kind))
        except Exception as error:  # aiortc fails in many ways on a description that is none
            raise ValueError(f"not a session description: {error}") from error
        if not any(each.kind == "audio" for each in self._peer.getTransceivers()):
            raise ValueError("the session description has no sound")

    def _listen(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.ensure_future(self._take_in(track))

    async def _take_in(self, track: MediaStreamTrack) -> None:
        down = AudioResampler(format="s16", layout="mono", rate=RATE)
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            for each in down.resample(frame):
                self._rest = np.concatenate((self._rest, each.to_ndarray()[0]))
            while len(self._rest) >= FRAME:
                self._heard.append(self._rest[:FRAME])
                self._rest = self._rest[FRAME:]

    def _changed(self) -> None:
        if self._peer.connectionState in ("connected", "failed", "closed"):
            self._decided.set()
        if self._peer.connectionState in ("failed", "closed", "disconnected"):
            self._lost()


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
