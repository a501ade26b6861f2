"""A browser's telephone in Python: real signalling, real WebRTC, a tone for a voice; it keeps what it
hears."""

import asyncio
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import numpy as np
from aiohttp import ClientSession, ClientWebSocketResponse
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from carrier.model import Account
from carrier.speech.pcm import Samples
from carrier.voice.line import sound_of
from carrier.voice.player import FRAME as PIECE
from carrier.voice.player import RATE


def token(account: Account, who: str, *, incoming: bool = True, outgoing: bool = True, ttl: int = 600) -> str:
    """An AccessToken as an app makes it, with the library."""
    made = AccessToken(account.sid, "SK" + "0" * 32, account.token, identity=who, ttl=ttl)
    app = "AP" + "0" * 32 if outgoing else None
    made.add_grant(VoiceGrant(incoming_allow=incoming, outgoing_application_sid=app))
    return str(made.to_jwt())


class Tone(MediaStreamTrack):
    """A microphone that hears one tone; 0 hertz is silence."""

    kind = "audio"

    def __init__(self, hertz: float) -> None:
        super().__init__()
        self.hertz = hertz
        self._at = 0
        self._began = asyncio.get_running_loop().time()

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(self._began + self._at / RATE - now, 0))
        at = (self._at + np.arange(PIECE)) / RATE
        samples = (8000 * np.sin(2 * np.pi * self.hertz * at)).astype(np.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += PIECE
        return frame


class Browser:
    """One browser tab. `told` is every frame that came, `heard` all the sound."""

    def __init__(self, socket: ClientWebSocketResponse, hertz: float, codec: str = "PCMU") -> None:
        self.socket = socket
        self.hertz = hertz
        self.codec = codec
        self.told: list[dict[str, Any]] = []
        self.alive = 0
        """How often the carrier has shown that it is there, having nothing to tell."""
        self.sid = ""
        self.heard: Samples = np.zeros(0, np.int16)
        self._peer: RTCPeerConnection | None = None
        self._news = asyncio.Event()
        self._tasks = [asyncio.create_task(self._read())]

    @classmethod
    async def open(cls, http: ClientSession, url: str, hertz: float = 0, codec: str = "PCMU") -> "Browser":
        return cls(await http.ws_connect(url.replace("http", "ws", 1) + "/signal"), hertz, codec)

    async def say(self, kind: str, **payload: Any) -> None:
        await self.socket.send_str(json.dumps({"type": kind, "payload": payload, "version": "1.6"}))

    async def register(self, token: str) -> None:
        await self.say("listen", token=token)
        await self.gets("connected")
        await self.say("register", media={"audio": True})
        await self.gets("ready")

    async def gets(self, kind: str, within: float = 20) -> dict[str, Any]:
        """The payload of the newest frame of this kind."""
        async with asyncio.timeout(within):
            while not (found := [frame for frame in self.told if frame["type"] == kind]):
                self._news.clear()
                await self._news.wait()
        payload: dict[str, Any] = found[-1].get("payload") or {}
        return payload

    async def call(self, token: str, to: str, **params: str) -> None:
        """Dial, and be connected to the carrier."""
        await self.say("listen", token=token)
        await self.gets("connected")
        await self.dial(to, **params)
        await self.connect()

    async def dial(self, to: str, **params: str) -> None:
        """Ask for a call."""
        self.sid = "TJ" + uuid4().hex
        self._dialled = peer = self._open()
        await peer.setLocalDescription(await peer.createOffer())
        await self.invite(peer.localDescription.sdp, To=to, **params)

    async def connect(self) -> None:
        """Take the carrier's answer."""
        answer = await self.gets("answer")
        await self._dialled.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))

    async def invite(self, sdp: str, **params: str) -> None:
        await self.say("invite", callsid=self.sid, sdp=sdp, twilio={"params": urlencode(params)})

    async def accept(self) -> None:
        """Answer the call that comes in."""
        invited = await self.gets("invite")
        self.sid = invited["callsid"]
        peer = self._open()
        await peer.setRemoteDescription(RTCSessionDescription(invited["sdp"], "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        await self.say("answer", callsid=self.sid, sdp=peer.localDescription.sdp)

    def mute(self) -> None:
        """Say nothing more."""
        self._microphone.hertz = 0

    def breaks_off(self) -> None:
        """Send nothing more, not even silence, and say nothing of it."""
        self._microphone.stop()

    async def press(self, keys: str) -> None:
        await self.say("dtmf", callsid=self.sid, dtmf=keys)

    async def hang_up(self) -> None:
        await self.say("hangup", callsid=self.sid)

    async def close(self) -> None:
        """Close the tab."""
        for task in self._tasks:
            task.cancel()
        if self._peer is not None:
            await self._peer.close()
        await self.socket.close()

    async def hears(self, hertz: float, within: float = 20, seconds: float = 0.5) -> None:
        """Wait until the last half second was mostly this tone."""
        async with asyncio.timeout(within):
            while share(self.heard[-int(RATE * seconds) :], hertz) < 0.5:
                await asyncio.sleep(0.05)

    def last(self, seconds: float) -> Samples:
        return self.heard[-int(RATE * seconds) :]

    @property
    def words(self) -> list[Mapping[str, str]]:
        """What it was told in words."""
        return [frame["payload"]["content"] for frame in self.told if frame["type"] == "message"]

    def _open(self) -> RTCPeerConnection:
        self._peer = peer = RTCPeerConnection()
        self._microphone = Tone(self.hertz)
        peer.addTrack(self._microphone)
        speaks = [
            each for each in RTCRtpSender.getCapabilities("audio").codecs if self.codec in each.mimeType
        ]
        peer.getTransceivers()[0].setCodecPreferences(speaks)
        peer.on("track", lambda track: self._tasks.append(asyncio.create_task(self._listen(track))))
        return peer

    async def _listen(self, track: MediaStreamTrack) -> None:
        async for samples in sound_of(track):
            self.heard = np.concatenate((self.heard, samples))

    async def _read(self) -> None:
        async for message in self.socket:
            if message.data == "\n":  # a sign of life, which Twilio's SDK answers in this way
                self.alive += 1
                await self.socket.send_str("\n")
                continue
            self.told.append(json.loads(message.data))
            self._news.set()


def share(samples: Samples, hertz: float) -> float:
    """How much of the energy is within 20 hertz of a tone, from 0 to 1; of silence, nothing."""
    if len(samples) < PIECE:
        return 0.0
    power = np.abs(np.fft.rfft(samples.astype(np.float64) * np.hanning(len(samples)))) ** 2
    where = np.fft.rfftfreq(len(samples), 1 / RATE)
    total = power[where > 50].sum()
    return float(power[np.abs(where - hertz) <= 20].sum() / total) if total > len(samples) ** 2 else 0.0
