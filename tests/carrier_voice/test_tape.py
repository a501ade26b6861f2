"""What a recording keeps: both sides, one or two channels, with silence at its ends or without."""

import wave
from pathlib import Path

import numpy as np
import pytest

from carrier.voice.line import FRAME, RATE
from carrier.voice.tape import Tape

LOUD, QUIET = np.full(FRAME, 9000, np.int16), np.zeros(FRAME, np.int16)


def taped(path: Path, spoken: str, heard: str = "", **how: object) -> list[str]:
    """The pieces that are kept of a call: in each channel `#` for a loud one, `.` for a quiet one."""
    trim = bool(how.get("trim"))
    leg: object = object()
    tape = Tape(path, leg, hears=bool(heard), **how)  # type: ignore[arg-type]
    for mine, other in zip(spoken, heard or "." * len(spoken), strict=True):
        voice = LOUD if mine == "#" else QUIET
        theirs = (LOUD if other == "#" else QUIET).astype(np.int32)
        tape.take({leg: voice}, {leg: theirs})  # type: ignore[dict-item]
    seconds = tape.end(trim=trim)
    with wave.open(str(path)) as file:
        assert file.getnframes() / RATE == seconds
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
    pieces = np.abs(sound.reshape(-1, FRAME, sound.shape[1])).max(axis=1) > 0
    return ["".join("#" if loud else "." for loud in channel) for channel in pieces.T]


@pytest.mark.parametrize(("trim", "kept"), [(True, "##..#"), (False, "...##..#..")])
def test_silence_is_cut_at_both_ends_and_kept_between(tmp_path: Path, trim: bool, kept: str) -> None:
    assert taped(tmp_path / "it.wav", "...##..#..", trim=trim) == [kept]


def test_sound_on_either_side_is_no_silence(tmp_path: Path) -> None:
    kept = taped(tmp_path / "it.wav", "...##..", ".#...#.", trim=True, channels=2)
    assert kept == ["..##.", "#...#"]


def test_of_nothing_but_silence_nothing_is_kept(tmp_path: Path) -> None:
    leg: object = object()
    tape = Tape(tmp_path / "it.wav", leg, trim=True)  # type: ignore[arg-type]
    tape.take({leg: QUIET}, {})  # type: ignore[dict-item]
    assert tape.end(trim=True) == 0
    assert list(tmp_path.iterdir()) == []
