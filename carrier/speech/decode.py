"""Sound files, as they are recorded and downloaded, to what a telephone carries."""

from collections.abc import Iterator
from io import BytesIO
from itertools import chain

import av
import numpy as np
from av.container import InputContainer

from carrier.speech.pcm import Pcm, Samples
from carrier.speech.spoken import RATE

LONGEST = 600
"""Seconds of a sound that are played at most."""


def decoded(body: bytes) -> Pcm:
    """The sound in a WAV, MP3 or other sound file, at `RATE`. ValueError where there is none."""
    try:
        with av.open(BytesIO(body), "r") as file:
            if not file.streams.audio:
                raise ValueError("there is no sound in it")
            pieces = list(_first(RATE * LONGEST, file))
    except av.FFmpegError as error:
        raise ValueError((error.strerror or str(error)).lower()) from None
    samples = np.concatenate(pieces)[: RATE * LONGEST] if pieces else np.zeros(0, np.int16)
    return Pcm(RATE, samples)


def _first(most: int, file: InputContainer) -> Iterator[Samples]:
    """The pieces of a sound until there are `most` samples: a small file may hold days of silence."""
    down = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in chain(file.decode(audio=0), [None]):  # None: what it still holds back
        for piece in down.resample(frame):
            yield piece.to_ndarray()[0]
            most -= piece.samples
        if most <= 0:
            return
