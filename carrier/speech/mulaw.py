"""μ-law, the eight bits a sample that telephone networks carry (ITU-T G.711)."""

import numpy as np
from numpy.typing import NDArray

from carrier.speech.pcm import Samples

SILENCE = b"\xff"
BIAS, LOUDEST = 33, 8158
"""Of the fourteen bits that count of a sample."""


def encoded(samples: Samples) -> bytes:
    """A byte for each sample."""
    return _BYTES[samples.view(np.uint16)].tobytes()


def decoded(sound: bytes) -> Samples:
    """A sample for each byte."""
    samples: Samples = _SAMPLES[np.frombuffer(sound, np.uint8)]
    return samples


def _all_samples() -> NDArray[np.int16]:
    """What each byte means: sign, three bits of how loud, four of where in that step; all inverted."""
    byte = ~np.arange(256, dtype=np.uint8)
    step, within = (byte >> 4) & 7, (byte & 15).astype(np.int32)
    loud = ((((within << 1) + BIAS) << step) - BIAS) << 2
    return np.where(byte & 128, -loud, loud).astype(np.int16)


def _all_bytes() -> NDArray[np.uint8]:
    """The byte of each sample, in the order of the samples' own 16 bits."""
    sample = np.arange(2**16, dtype=np.uint16).view(np.int16).astype(np.int32)
    loud = np.minimum(np.abs(sample >> 2), LOUDEST) + BIAS
    step = np.searchsorted(2 ** np.arange(6, 13), loud, side="right")
    byte = np.where(sample < 0, 128, 0) | (step << 4) | ((loud >> (step + 1)) & 15)
    table: NDArray[np.uint8] = (~byte).astype(np.uint8)
    return table


_SAMPLES, _BYTES = _all_samples(), _all_bytes()
