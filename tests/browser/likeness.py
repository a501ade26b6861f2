"""Whether a sound is in what was heard, though a jitter buffer has stretched it here and there."""

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float64]
RATE = 8000
SLICE = int(0.25 * RATE)
"""Samples that are looked for at once: no buffer stretches so little by much."""
QUIET = 0.2
"""Of the loudest slice; whatever is softer is not looked for."""


def likeness(sound: Sound, heard: Sound) -> float:
    """From 0 to 1: how well the loud parts of `sound` are found in `heard`, by normalized correlation, in the
    median. Both in 8 kHz. Of one voice, another sentence reaches about a half."""
    slices = [sound[at : at + SLICE] for at in range(0, len(sound) - SLICE, SLICE)]
    loudest = max(float(np.linalg.norm(each)) for each in slices)
    loud = [each for each in slices if np.linalg.norm(each) > QUIET * loudest]
    return float(np.median([_best(each, heard) for each in loud])) if len(heard) > SLICE else 0.0


def _best(part: Sound, heard: Sound) -> float:
    size = len(heard) + len(part)
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(part, size)), size)
    energy = np.convolve(heard**2, np.ones(len(part)), "valid")
    fits = products[: len(energy)] / np.sqrt(np.maximum(energy, 1e-9)) / np.linalg.norm(part)
    floor = energy > 0.01 * energy.max()  # in the noise between the words anything is found
    return float(fits[floor].max())


def at_telephone_rate(sound: Sound, rate: int) -> Sound:
    """In 8 kHz, what is above 4 kHz left out."""
    spectrum = np.fft.rfft(sound)
    count = int(len(sound) * RATE / rate)
    return np.fft.irfft(spectrum[: count // 2 + 1], count)
