"""Sound files, as they are recorded and downloaded, to what a telephone carries."""

from io import BytesIO

import av
import numpy as np

from carrier.speech.pcm import Pcm
from carrier.speech.spoken import RATE

LONGEST = 600
"""Seconds of a sound that are played at most."""


def decoded(body: bytes) -> Pcm:
    """The sound in a WAV, MP3 or other sound file, at `RATE`. ValueError where there is none."""
    try:
        with av.open(BytesIO(body), "r") as file:
            if not file.streams.audio:
                raise ValueError("there is no sound in it")
            down = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            pieces = [each.to_ndarray()[0] for frame in file.decode(audio=0) for each in down.resample(frame)]
    except av.FFmpegError as error:
        raise ValueError((error.strerror or str(error)).lower()) from None
    samples = np.concatenate(pieces)[: RATE * LONGEST] if pieces else np.zeros(0, np.int16)
    return Pcm(RATE, samples)
