"""Recordings as MP3: an eighth of the size, for a browser."""

from pathlib import Path
from uuid import uuid4

import av

BITS_A_SECOND = 16_000
"""For each channel: speech at telephone quality."""
LAYOUTS = {1: "mono", 2: "stereo"}


def beside(wav: Path) -> Path:
    """Where the MP3 of a WAV file is kept."""
    return wav.with_suffix(".mp3")


def made(wav: Path) -> Path:
    """The MP3 of a WAV file, encoded if it hasn't been yet. Raises OSError, also where the WAV is deleted
    meanwhile, and av.FFmpegError."""
    path, scratch = beside(wav), wav.with_suffix(f".{uuid4().hex}.part")
    if not path.exists():
        try:
            _encode(wav, str(scratch))
            scratch.replace(path)
            if not wav.exists():  # deleted while it was encoded: so is this
                path.unlink(missing_ok=True)
                raise FileNotFoundError(wav)
        finally:
            scratch.unlink(missing_ok=True)
    return path


def _encode(wav: Path, to: str) -> None:
    with av.open(str(wav)) as source, av.open(to, "w", format="mp3") as target:
        sound = source.streams.audio[0]
        stream = target.add_stream("libmp3lame", rate=sound.rate, layout=LAYOUTS[sound.channels])
        stream.bit_rate = BITS_A_SECOND * sound.channels
        for frame in source.decode(sound):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
