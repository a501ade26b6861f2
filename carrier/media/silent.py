"""The silent medium: everything takes as long as its words would, and telephones are told the words."""

import re
import wave
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from carrier.clock import sleep
from carrier.fetch import MAX_BODY, Answer, FetchFailed
from carrier.media.pipe import Pipe, SilentPipe, Take
from carrier.model import Recording, Request
from carrier.sounds import Heard

if TYPE_CHECKING:
    from carrier.exchange import Exchange
    from carrier.leg import Leg
    from carrier.voice.tape import Pause

SYLLABLE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SYLLABLE_SECONDS = 0.22
"""One Chinese character, kana or Hangul syllable: four and a half a second, an unhurried announcer."""
LETTER_SECONDS = 0.065
"""One letter, digit or space of any other script: about 150 English words a minute."""
KEY_SECONDS = 0.25
STREAMED = 0x7FFF_0000
"""Bytes in a WAV header from which on they only say that whoever wrote it didn't know."""
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")
MOST_KEPT = 1000
MOST_KEPT_BYTES = 64 * 1024 * 1024
"""Of sounds that can be heard: more than an hour."""
BYTES_A_SECOND = 16_000
"""Of sound that isn't WAV: 128 kbit/s, what MP3 files usually are."""


@dataclass(frozen=True)
class Sound:
    """Something to play, and how long it lasts."""

    url: str
    seconds: float

    @property
    def size(self) -> int:
        """Bytes of it that are in memory."""
        return 0


HOLD_MUSIC = Sound("hold music", 60)


class Silent:
    """Sounds nothing; a telephone hears a prompt's words when the prompt begins."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._kept: dict[str, tuple[Sound, datetime]] = {}

    def seconds(self, text: str) -> float:
        """How long it takes to say."""
        syllables = len(SYLLABLE.findall(text))
        return syllables * SYLLABLE_SECONDS + (len(text) - syllables) * LETTER_SECONDS

    async def say(self, leg: "Leg", text: str, language: str) -> None:
        self._tell(leg, text, language, "say")
        await sleep(self._exchange.clock, self.seconds(text))

    async def fetch(self, leg: "Leg", request: Request) -> Sound:
        """The sound at a URL, kept for as long as its Cache-Control allows. Raises FetchFailed."""
        kept = self._fresh(request)
        if kept is not None:
            return kept
        answer = await self._ask(leg, request)
        return self._kept_of(answer, Sound(request.url, _length(answer)))

    async def _ask(self, leg: "Leg", request: Request, most: int = MAX_BODY) -> Answer:
        answer = await leg.get(request, most)
        if not answer.content_type.startswith("audio/"):
            raise FetchFailed(12300, f"content type {answer.content_type} is not sound", request.url)
        return answer

    def _fresh(self, request: Request) -> Sound | None:
        """What was fetched before, if that may still be used."""
        kept = self._kept.get(request.url)
        return kept[0] if kept is not None and self._exchange.clock.now() < kept[1] else None

    def _kept_of(self, answer: Answer, sound: Sound) -> Sound:
        """The sound, kept if that is allowed; what has expired goes, and the oldest if there are too many."""
        allowed = MAX_AGE.search(answer.headers.get("Cache-Control", ""))
        if allowed:
            now = self._exchange.clock.now()
            self._kept = {url: kept for url, kept in self._kept.items() if now < kept[1] and url != sound.url}
            self._kept[sound.url] = sound, now + timedelta(seconds=int(allowed[1]))
            while (
                len(self._kept) > MOST_KEPT
                or sum(one.size for one, _ in self._kept.values()) > MOST_KEPT_BYTES
            ):
                del self._kept[next(iter(self._kept))]
        return sound

    async def play(self, leg: "Leg", sound: Sound) -> None:
        self._tell(leg, sound.url, "", "play")
        await sleep(self._exchange.clock, sound.seconds)

    async def keys(self, leg: "Leg", keys: str) -> None:
        """Sound keys to the telephone; w is half a second of silence."""
        for key in keys:
            if key not in "wW":
                self.tone(leg, key)
            await sleep(self._exchange.clock, 0.5 if key in "wW" else KEY_SECONDS)

    async def ring(self, leg: "Leg") -> None:
        """What a call hears for as long as another telephone rings."""
        self.tone(leg, "ringing")

    def tone(self, leg: "Leg", name: str) -> None:
        """A key, or a signal such as a beep."""
        self._tell(leg, name, "", "tone")

    def voice(self, leg: "Leg", text: str, language: str) -> None:
        """What somebody on the same call speaks."""
        self._tell(leg, text, language, "voice")

    async def music(self, leg: "Leg") -> None:
        """The carrier's own music on hold, without an end."""
        while True:
            await self.piece(leg)

    async def piece(self, leg: "Leg") -> None:
        """The carrier's own music on hold, once."""
        await self.play(leg, HOLD_MUSIC)

    def pipe(self, leg: "Leg", take: Take, name: str) -> Pipe:
        """The call's sound for an app that makes and takes it itself; a telephone is told by `name` when
        the app makes itself heard."""
        return SilentPipe(self._exchange.clock, take, lambda: self._tell(leg, name, "", "play"))

    def tape(self, recording: Recording, leg: "Leg") -> None:
        """Begin to record; of silence there is nothing to keep but its length."""

    def pause(self, recording: Recording, how: "Pause | None") -> None:
        """From now on keep nothing of it, or silence; None: go on."""

    def cut(self, recording: Recording) -> float | None:
        """End a recording; the seconds that are in its file, or None where the medium made none."""
        return None

    def _tell(self, leg: "Leg", text: str, language: str, kind: str) -> None:
        if leg.handset is not None and leg.call.live:
            leg.handset.heard(Heard(text, language, kind, self._exchange.clock.now()))


def _length(answer: Answer) -> float:
    """Seconds of a sound: what a WAV file's header says if there is so much of it, else by its size."""
    size = int(answer.headers.get("Content-Length") or len(answer.body))
    try:
        with wave.open(BytesIO(answer.body)) as sound:
            told, frame = sound.getnframes(), sound.getsampwidth() * sound.getnchannels()
            frames = told if _more_to_come(answer, told * frame) else min(told, size // frame)
            seconds: float = frames / sound.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError):  # a header that makes no sense
        seconds = size / BYTES_A_SECOND
    return max(seconds, 0.1)


def _more_to_come(answer: Answer, told: int) -> bool:
    """Whether a sound is longer than what was read of it, and nothing but its header says how long."""
    return answer.cut and "Content-Length" not in answer.headers and told < STREAMED
