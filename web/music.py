"""Music for those who wait: a slow phrase made here, so that no licence is needed and no file is missed."""

import io
import math
import struct
import wave
from functools import cache

RATE = 8000  # what a telephone carries
NOTE = 0.75  # seconds
LOUDNESS = 5000  # of 32767: softer than a voice
# Jasmine-like pentatonic phrase, in semitones above middle C.
PHRASE = (16, 16, 19, 21, 24, 24, 21, 19, 19, 21, 19, 16, 14, 16, 19, 16, 14, 12, 14, 16, 12, 12, 7, 12)


@cache
def music() -> bytes:
    """A WAV file of some twenty seconds: 8 kHz, 16 bit, mono."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(_note(step) for step in PHRASE))
    return file.getvalue()


def _note(step: int) -> bytes:
    pitch = 261.63 * 2 ** (step / 12)
    count = int(RATE * NOTE)
    return struct.pack(f"<{count}h", *(_sample(pitch, i / RATE) for i in range(count)))


def _sample(pitch: float, at: float) -> int:
    attack, decay = min(1.0, at / 0.03), math.exp(-2.2 * at)
    tone = math.sin(2 * math.pi * pitch * at) + 0.3 * math.sin(4 * math.pi * pitch * at)
    return int(LOUDNESS * attack * decay * tone / 1.3)
