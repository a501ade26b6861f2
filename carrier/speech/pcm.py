"""Sound as numbers: 16 bit mono samples, and how loud they are."""

import math
import wave
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

LOUDNESS = 10 ** (-20 / 20)
"""Of full scale: what speech is levelled to, measured where something is said (ITU-T P.56 speaks of the
active level)."""
PEAK = 10 ** (-3 / 20)
QUIET = 10 ** (-40 / 20)
"""Of the loudest stretch: what is softer counts as a pause."""
STRETCH = 0.02  # seconds


@dataclass(frozen=True)
class Pcm:
    """Samples at `rate` a second."""

    rate: int
    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def loudness(self) -> float | None:
        """Decibels below full scale where something sounds, such as -20; None where nothing does."""
        loud = _active_level(self._values(), self._stretch())
        return 20 * math.log10(loud) if loud else None

    @classmethod
    def silence(cls, rate: int, seconds: float = 0) -> "Pcm":
        return cls(rate, np.zeros(int(rate * seconds), np.int16))

    def at(self, rate: int) -> "Pcm":
        """The same at another rate, by straight lines between the samples after a low pass."""
        if rate == self.rate or not len(self.samples):
            return Pcm(rate, self.samples)
        values = self.samples.astype(np.float32)
        if rate < self.rate:
            values = _low_pass(values, rate / self.rate)
        count = max(round(len(values) * rate / self.rate), 1)
        where = np.arange(count, dtype=np.float64) * (self.rate / rate)
        return Pcm(rate, _whole(np.interp(where, np.arange(len(values)), values)))

    def levelled(self) -> "Pcm":
        """As loud as everything else that is spoken; silence stays silence."""
        values = self._values()
        loud = _active_level(values, self._stretch())
        if not loud:
            return self
        gain = min(LOUDNESS / loud, PEAK / float(np.abs(values).max()))
        return Pcm(self.rate, _whole(values * gain * 32768))

    def save(self, path: Path) -> None:
        """Write a WAV file, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        # Of its own name: another program may be writing the same sound at this moment.
        with NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            scratch = Path(file.name)
            try:
                self._write(file)
                scratch.chmod(0o644)
                scratch.replace(path)
            except BaseException:
                scratch.unlink()
                raise

    def _write(self, file: IO[bytes]) -> None:
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(self.rate)
            out.writeframes(self.samples.astype("<i2").tobytes())
        file.flush()

    def _values(self) -> NDArray[np.floating]:
        return self.samples.astype(np.float32) / 32768

    def _stretch(self) -> int:
        return max(int(self.rate * STRETCH), 1)

    @classmethod
    def load(cls, path: Path) -> "Pcm":
        """Read what `save` wrote; wave.Error, EOFError or OSError where that is not there or not whole."""
        with path.open("rb") as file, wave.open(file) as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                raise wave.Error("not 16 bit mono")
            frames = sound.readframes(sound.getnframes())
            if not frames or len(frames) != sound.getnframes() * 2:
                raise wave.Error("not whole")
            return cls(sound.getframerate(), np.frombuffer(frames, "<i2").astype(np.int16))


def _active_level(values: NDArray[np.floating], stretch: int) -> float:
    """The root mean square over the stretches in which something sounds."""
    whole = len(values) // stretch * stretch
    if not whole:
        return 0.0
    powers = (values[:whole].reshape(-1, stretch) ** 2).mean(axis=1)
    sounding = powers[powers > powers.max() * QUIET**2]
    return float(np.sqrt(sounding.mean())) if len(sounding) else 0.0


def _low_pass(values: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Take away what a lower rate cannot carry: a windowed sinc, cut at `share` of the band."""
    taps = np.arange(-32, 33)
    kernel = np.sinc(taps * share) * share * np.hamming(len(taps))
    kernel /= kernel.sum()
    return np.convolve(values, kernel, mode="same").astype(np.float32)


def _whole(values: NDArray[np.floating]) -> Samples:
    whole: Samples = np.clip(np.rint(values), -32768, 32767).astype(np.int16)
    return whole
