"""Signals that a telephone makes: keys, beeps, ringing, and music for those who wait."""

import math
from functools import cache

import numpy as np

from carrier.speech.pcm import Samples
from carrier.voice.player import RATE

LOUDNESS = 0.12  # of full scale
KEYS = {
    key: (low, high)
    for low, row in zip((697, 770, 852, 941), ("123A", "456B", "789C", "*0#D"), strict=True)
    for high, key in zip((1209, 1336, 1477, 1633), row, strict=True)
}
"""The two tones of each key, in hertz (ITU-T Q.23)."""
SIGNALS = {"beep": ((1000,), 0.25), "ringing": ((450,), 1.0)}
"""Tones in hertz and seconds; 450 Hz is what rings in China (ITU-T E.180)."""
BETWEEN_RINGS = 4.0
"""Seconds of silence, there."""
PHRASE = (12, 16, 19, 24, 21, 19, 16, 14, 12, 14, 16, 19, 21, 19, 16, 12)
"""Semitones above middle C: a slow phrase of five notes, so that no licence is needed."""
NOTE = 0.7  # seconds


@cache
def tone(name: str) -> Samples:
    """The samples of a key or a signal; of a name that is none, nothing."""
    if name in SIGNALS:
        return _sines(*SIGNALS[name])
    return _sines(KEYS[name], 0.16) if name in KEYS else np.zeros(0, np.int16)


@cache
def ringing() -> Samples:
    """One ring and the silence after it."""
    return np.concatenate((tone("ringing"), np.zeros(int(RATE * BETWEEN_RINGS), np.int16)))


@cache
def music() -> Samples:
    """The carrier's own music on hold, some eleven seconds."""
    return np.concatenate([_note(261.63 * 2 ** (step / 12)) for step in PHRASE])


def _sines(tones: tuple[int, ...], seconds: float) -> Samples:
    at = np.arange(int(RATE * seconds)) / RATE
    total = sum(np.sin(2 * math.pi * hertz * at) for hertz in tones) / len(tones)
    return _samples(total * np.minimum(1, np.minimum(at, at[::-1]) / 0.005))


def _note(hertz: float) -> Samples:
    at = np.arange(int(RATE * NOTE)) / RATE
    shape = np.minimum(1, at / 0.03) * np.exp(-2.2 * at)
    return _samples(shape * (np.sin(2 * math.pi * hertz * at) + 0.3 * np.sin(4 * math.pi * hertz * at)) / 1.3)


def _samples(values: "np.ndarray[tuple[int, ...], np.dtype[np.floating]]") -> Samples:
    samples: Samples = np.rint(values * LOUDNESS * 32767).astype(np.int16)
    return samples
