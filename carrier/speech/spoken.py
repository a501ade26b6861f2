"""What has been spoken once is kept, by its text, language and voice."""

import hashlib
import unicodedata
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from carrier.speech.engine import LANGUAGES, CannotSpeak, Engine
from carrier.speech.pcm import Pcm
from carrier.speech.shelf import Shelf
from carrier.speech.voices import engines

RATE = 8000
"""Samples a second of what is kept: what a telephone carries."""
VERSION = "1"
"""Raised when the same words would come to sound otherwise."""


class Speech:
    """Speaks with `engines`, by language, and keeps the sounds in `folder` as WAV files."""

    def __init__(self, engines: Mapping[str, Engine], folder: Path) -> None:
        self.engines = engines
        self.folder = folder
        self._shelf = Shelf(folder)
        self._lines = {engine: ThreadPoolExecutor(1) for engine in set(engines.values())}

    def say(self, text: str, language: str, *, must_keep: bool = True) -> Pcm:
        """The sound of `text`, levelled, at `RATE`; `language` as <Say> writes it, such as zh-CN.

        Blocks while it is spoken for the first time. Raises CannotSpeak, and OSError where the disk does not
        keep what it `must_keep`; a caller is spoken to all the same.
        """
        if (sound := self.kept(text, language)) is not None:
            return sound
        sound = self.say_once(text, language)
        try:
            self._shelf.put(self.path(text, language).name, sound)
        except OSError:
            if must_keep:
                raise
        return sound

    def say_once(self, text: str, language: str) -> Pcm:
        """As `say`, but nothing is kept: somebody's own words."""
        engine, spoken = self._engine(language)
        words = _words(text)
        sound = engine.say(words, spoken).levelled().at(RATE) if words else Pcm.silence(RATE)
        if sound.loudness is None:
            raise CannotSpeak(f"{engine.name} says nothing of {words[:40]!r}")
        return sound

    def soon(self, text: str, language: str, *, keep: bool = True) -> Future[Pcm]:
        """The sound of `text` when its engine comes to it. Each engine speaks one text after the other in
        a thread of its own: one that hangs keeps nobody waiting for the others. Raises CannotSpeak."""
        line = self._lines[self._engine(language)[0]]
        if keep:
            return line.submit(self.say, text, language, must_keep=False)
        return line.submit(self.say_once, text, language)

    def kept(self, text: str, language: str) -> Pcm | None:
        """The sound of words that were spoken before; None where they were not. Raises CannotSpeak."""
        return self._shelf.find(self.path(text, language).name)

    def close(self) -> None:
        """End the engines, whatever they are doing."""
        for engine, line in self._lines.items():
            line.shutdown(wait=False, cancel_futures=True)
            engine.close()

    def voice(self, language: str) -> str:
        """The name of what speaks this language. Raises CannotSpeak."""
        return self._engine(language)[0].name

    def path(self, text: str, language: str) -> Path:
        """Where the sound of these words is kept once they have been spoken."""
        engine, spoken = self._engine(language)
        key = "\0".join((VERSION, engine.name, spoken, _words(text)))
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
        return self.folder / f"{digest[:40]}.wav"

    def _engine(self, language: str) -> tuple[Engine, str]:
        spoken = LANGUAGES.get(language.partition("-")[0].lower(), "")
        if spoken not in self.engines:
            raise CannotSpeak(f"nobody here speaks {language!r}")
        return self.engines[spoken], spoken


def speech_in(data: Path) -> Speech:
    """The voices of a carrier that keeps its things in `data`: what was spoken there is not spoken again, and
    models for Piper are in its folder `voices`."""
    return Speech(engines(data / "voices"), data / "speech")


def _words(text: str) -> str:
    """As <Say> reads them; a Korean syllable is one sign, however it was typed."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
