"""A recording of the admin's, listened to before a caller hears it."""

from dataclasses import dataclass
from math import log10
from pathlib import Path

from carrier.speech.decode import decoded
from carrier.speech.pcm import LOUDNESS

VOICES = 20 * log10(LOUDNESS)  # decibels below full scale
TOO_FAR = 6.0  # decibels from the voices: callers would hold the receiver away, or miss the words


@dataclass(frozen=True)
class Recorded:
    """A recording as it is heard. `wrong` says what a caller would notice; one that is `broken` is not heard.

    `seconds` is None where nobody knows.
    """

    file: str
    seconds: float | None = None
    wrong: str = ""
    broken: bool = False


def listen(folder: Path, file: str) -> Recorded:
    """The recording `file` of a configuration; one that is elsewhere is not fetched."""
    if "://" in file:
        return Recorded(file)
    try:
        sound = decoded((folder / file).read_bytes())
    except (OSError, ValueError) as why:
        return Recorded(file, wrong=f"can't be played: {getattr(why, 'strerror', None) or why}", broken=True)
    if sound.loudness is None:
        return Recorded(file, sound.seconds, "is silent")
    off = sound.loudness - VOICES
    how = f"is {abs(off):.0f} dB {'louder' if off > 0 else 'softer'} than the voices"
    return Recorded(file, sound.seconds, how if abs(off) > TOO_FAR else "")
