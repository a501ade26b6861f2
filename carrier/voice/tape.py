"""A recording while it goes on: pieces of sound into a WAV file that is there when it is whole."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from carrier.speech.pcm import Samples
from carrier.voice.line import SILENCE
from carrier.voice.player import FRAME, RATE

if TYPE_CHECKING:
    from carrier.leg import Leg
    from carrier.sounds import Audience

LOUD = 300
"""Of 32767: what is softer is silence."""
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
Sums = NDArray[np.int32]
Pause = Literal["skip", "silence"]
"""What is kept of a pause: nothing, or silence as long as it was."""


def sounds(samples: Samples) -> bool:
    """Whether there is anything but silence in it."""
    return int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD


class Tape:
    """Records what `leg` `says` and what it `hears`, in two channels or in the same one; or all that is said
    in the conference `room`. `trim` leaves out the silence before the first sound. Raises OSError where the
    disk does not take it."""

    def __init__(
        self,
        path: Path,
        leg: "Leg",
        *,
        says: bool = True,
        hears: bool = False,
        channels: int = 1,
        room: "Audience | None" = None,
        trim: bool = False,
    ) -> None:
        self._trim = trim
        self._path, self._leg, self._channels, self._room = path, leg, channels, room
        self._says, self._hears = says, hears
        self.pause: Pause | None = None
        path.parent.mkdir(parents=True, exist_ok=True)
        self._scratch = path.with_suffix(".part")
        self._file = self._scratch.open("wb")
        self._file.write(bytes(HEADER.size))
        self._pieces = self._last_loud = 0
        self._trouble: OSError | None = None

    def take(self, voices: Mapping["Leg", Samples | None], heard: Mapping["Leg", Sums]) -> None:
        """One piece of everybody's sound."""
        if self.pause == "skip":
            return
        said = self._said(voices)
        other = _clipped(heard[self._leg]) if self._hears and self._leg in heard else SILENCE
        if self.pause == "silence":
            said = other = SILENCE
        loud = sounds(said) or sounds(other)
        if self._trim and not loud and not self._last_loud:
            return
        self._pieces += 1
        if loud:
            self._last_loud = self._pieces
        one = _clipped(said.astype(np.int32) + other)
        both = np.column_stack((said, other)) if self._channels == 2 else one
        if self._trouble is None:
            self._write(both.astype("<i2").tobytes())

    def end(self, *, trim: bool) -> float:
        """Close the file; the seconds of sound in it, without the silence at its end if that is to be
        trimmed. Nothing is left of a recording of nothing. Raises OSError."""
        pieces = self._last_loud if trim else self._pieces
        size = pieces * FRAME * 2 * self._channels
        try:
            with self._file:
                if self._trouble is not None:
                    raise self._trouble
                self._file.truncate(HEADER.size + size)
                self._file.seek(0)
                self._file.write(_header(size, self._channels))
            if pieces:
                self._scratch.replace(self._path)
        finally:
            self._scratch.unlink(missing_ok=True)
        return pieces * FRAME / RATE

    def _said(self, voices: Mapping["Leg", Samples | None]) -> Samples:
        if self._room is None:
            voice = voices.get(self._leg) if self._says else None
            return SILENCE if voice is None else voice
        total = np.zeros(FRAME, np.int32)
        for leg, voice in voices.items():
            if voice is not None and leg.audience is self._room and self._room.hears(leg):
                total += voice
        return _clipped(total)

    def _write(self, raw: bytes) -> None:
        try:
            self._file.write(raw)
        except OSError as error:  # a full disk: the talk goes on, and the end of the recording tells of it
            self._trouble = error


def _header(size: int, channels: int) -> bytes:
    """That of a WAV file with so many bytes of 16 bit sound."""
    frame = 2 * channels
    sound = (b"fmt ", 16, 1, channels, RATE, RATE * frame, frame, 16, b"data", size)
    return HEADER.pack(b"RIFF", 36 + size, b"WAVE", *sound)


def _clipped(sums: Sums) -> Samples:
    whole: Samples = np.clip(sums, -32768, 32767).astype(np.int16)
    return whole
