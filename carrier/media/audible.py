"""The medium that sounds: telephones in the browser hear prompts, tones and music; the others their words."""

import asyncio
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from carrier.fetch import LARGEST_FILE, FetchFailed
from carrier.media import tones
from carrier.media.pipe import Pipe, Take
from carrier.media.silent import HOLD_MUSIC, Silent, Sound
from carrier.model import Recording, Request
from carrier.speech.decode import decoded
from carrier.speech.engine import CannotSpeak
from carrier.speech.pcm import Pcm, Samples
from carrier.speech.spoken import Speech
from carrier.voice.line import Line
from carrier.voice.mixer import Mixer
from carrier.voice.pipe import LinePipe
from carrier.voice.player import RATE
from carrier.voice.tape import Pause, Tape

if TYPE_CHECKING:
    from carrier.exchange import Exchange
    from carrier.leg import Leg
    from carrier.sounds import Audience

WORKERS = 4
"""Sounds that are read and decoded at once."""
T = TypeVar("T")
CANNOT_SPEAK = 13512
"""Twilio's code for a <Say> that can't be spoken."""
SCRIPTS = {
    "ja": r"[\u3040-\u30ff]",
    "ko": r"[\uac00-\ud7af]",
    "zh": r"[\u3400-\u9fff]",
    "ru": r"[\u0400-\u04ff]",
}
"""What tells a language by its letters, asked in this order."""


@dataclass(frozen=True)
class Audio(Sound):
    """A sound that can be heard."""

    samples: Samples = field(default_factory=lambda: np.zeros(0, np.int16), compare=False)

    @property
    def size(self) -> int:
        return self.samples.nbytes


class Audible(Silent):
    """Sounds, for calls that have a line in `mixer`."""

    def __init__(self, exchange: "Exchange", mixer: Mixer, speech: Speech) -> None:
        super().__init__(exchange)
        self._mixer = mixer
        self._speech = speech
        # Of its own: the loop's encode every piece of sound, and slow work there would silence everybody.
        self._workers = ThreadPoolExecutor(WORKERS, "speech")
        exchange.closing.append(self._close)

    async def _close(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def say(self, leg: "Leg", text: str, language: str) -> None:
        line = self._mixer.line(leg)
        if line is None:
            return await super().say(leg, text, language)
        try:
            spoken = await self._spoken(text, language or "en")
        except CannotSpeak as why:
            self._exchange.alert(CANNOT_SPEAK, str(why), level="warning", call=leg.call)
            return await super().say(leg, text, language)
        self._tell(leg, text, language, "say")
        return await self._sound(line, spoken.samples)

    async def fetch(self, leg: "Leg", request: Request) -> Sound:
        kept = self._fresh(request)
        if self._mixer.line(leg) is None or isinstance(kept, Audio):
            return await super().fetch(leg, request)
        answer = await self._ask(leg, request, LARGEST_FILE)
        try:
            samples = (await self._work(partial(decoded, answer.body))).samples
        except ValueError as why:
            raise FetchFailed(12300, f"a sound that can't be read: {why}", request.url) from None
        return self._kept_of(answer, Audio(request.url, len(samples) / RATE, samples))

    async def play(self, leg: "Leg", sound: Sound) -> None:
        line = self._mixer.line(leg)
        samples = tones.music() if sound is HOLD_MUSIC else getattr(sound, "samples", None)
        if line is None or samples is None:
            return await super().play(leg, sound)
        self._tell(leg, sound.url, "", "play")
        return await self._sound(line, samples)

    async def ring(self, leg: "Leg") -> None:
        line = self._mixer.line(leg)
        if line is None:
            return await super().ring(leg)
        self._tell(leg, "ringing", "", "tone")
        while True:
            await self._sound(line, tones.ringing())

    def tone(self, leg: "Leg", name: str) -> None:
        super().tone(leg, name)
        line = self._mixer.line(leg)
        if line is not None:
            line.signals.play(tones.tone(name))

    def voice(self, leg: "Leg", text: str, language: str) -> None:
        """Words typed at a telephone without a voice are spoken to one that can be heard."""
        super().voice(leg, text, language)
        line = self._mixer.line(leg)
        if line is not None:
            self._exchange.spawn(self._speak(line, text, language or language_of(text)))

    async def _speak(self, line: Line, text: str, language: str) -> None:
        with suppress(CannotSpeak):  # it was told in words
            spoken = await asyncio.wrap_future(self._speech.soon(text, language, keep=False))
            await self._sound(line, spoken.samples)

    async def _spoken(self, text: str, language: str) -> Pcm:
        sound = await self._work(partial(self._speech.kept, text, language))
        return await asyncio.wrap_future(self._speech.soon(text, language)) if sound is None else sound

    async def _work(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    def pipe(self, leg: "Leg", take: Take, name: str) -> Pipe:
        line = self._mixer.line(leg)
        if line is None:
            return super().pipe(leg, take, name)
        return LinePipe(self._mixer, leg, line, take)

    def tape(self, recording: Recording, leg: "Leg") -> None:
        room = leg.audience if recording.source == "Conference" else None
        if not any(self._mixer.line(one) for one in self._recorded(leg, room)):
            return
        says = recording.track != "outbound"
        hears = recording.track != "inbound" and recording.source not in ("RecordVerb", "Conference")
        try:
            tape = Tape(
                recording.path,
                leg,
                says=says,
                hears=hears,
                channels=recording.channels,
                room=room,
                trim=recording.trim,
            )
        except OSError as trouble:
            self._exchange.alert(20500, f"the recording could not be begun: {trouble}", call=leg.call)
        else:
            self._mixer.tapes[recording.sid] = tape

    def _recorded(self, leg: "Leg", room: "Audience | None") -> Iterable["Leg"]:
        """Whose voice may be in the recording."""
        return [leg] if room is None else [leg, *room.others(leg)]

    def cut(self, recording: Recording) -> float | None:
        tape = self._mixer.tapes.pop(recording.sid, None)
        return None if tape is None else tape.end(trim=recording.trim)

    def pause(self, recording: Recording, how: Pause | None) -> None:
        tape = self._mixer.tapes.get(recording.sid)
        if tape is not None:
            tape.pause = how

    async def _sound(self, line: Line, samples: Samples) -> None:
        """Let it be heard to its end; who is interrupted hears no more of it."""
        player = line.player()
        try:
            player.play(samples)
            await player.over()
        finally:
            line.drop(player)


def language_of(text: str) -> str:
    """The language that words are written in, by their script; of Latin letters English."""
    return next((language for language, script in SCRIPTS.items() if re.search(script, text)), "en")
