"""What has been spoken once is kept, by its text, language and voice."""

import hashlib
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from carrier.speech.engine import LANGUAGES, CannotSpeak, Engine, engines
from carrier.speech.pcm import Pcm

RATE = 8000
"""Samples a second of what is kept: what a telephone carries."""
VERSION = "1"
"""Raised when the same words would come to sound otherwise."""


@dataclass(frozen=True)
class Speech:
    """Speaks with `engines`, by language, and keeps the sounds in `folder` as WAV files."""

    engines: Mapping[str, Engine]
    folder: Path

    def say(self, text: str, language: str, *, must_keep: bool = True) -> Pcm:
        """The sound of `text`, levelled, at `RATE`; `language` as <Say> writes it, such as zh-CN.

        Blocks while it is spoken for the first time. Raises CannotSpeak, and OSError where the disk does not
        keep what it `must_keep`; a caller is spoken to all the same.
        """
        if (sound := self.kept(text, language)) is not None:
            return sound
        engine, spoken = self._engine(language)
        sound = engine.say(text, spoken).levelled().at(RATE)
        if not len(sound.samples):
            raise CannotSpeak(f"{engine.name} said nothing of {text!r}")
        try:
            sound.save(self.path(text, language))
        except OSError:
            if must_keep:
                raise
        return sound

    def kept(self, text: str, language: str) -> Pcm | None:
        """The sound of words that were spoken before; None where they were not. Raises CannotSpeak."""
        try:
            return Pcm.load(self.path(text, language))
        except (OSError, EOFError, wave.Error):
            return None  # never spoken, or the file is not whole

    def close(self) -> None:
        for engine in set(self.engines.values()):
            engine.close()

    def path(self, text: str, language: str) -> Path:
        """Where the sound of these words is kept once they have been spoken."""
        engine, spoken = self._engine(language)
        words = " ".join(text.split())  # as <Say> reads them
        key = "\0".join((VERSION, engine.name, spoken, words))
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.wav"

    def _engine(self, language: str) -> tuple[Engine, str]:
        spoken = LANGUAGES.get(language.partition("-")[0].lower(), "")
        if spoken not in self.engines:
            raise CannotSpeak(f"nobody here speaks {language!r}")
        return self.engines[spoken], spoken


def speech_in(data: Path) -> Speech:
    """The voices of a carrier that keeps its things in `data`: what was spoken there is not spoken again."""
    return Speech(engines(), data / "speech")
