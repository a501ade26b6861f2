"""Recordings as admins bring them, at the rate of a telephone."""

from io import BytesIO

import av
import numpy as np
import pytest

from carrier.speech import decode
from carrier.speech.decode import decoded
from carrier.speech.spoken import RATE


def written(form: str, codec: str, rate: int, layout: str) -> bytes:
    """Two seconds of 440 Hz as a file of this form."""
    file = BytesIO()
    with av.open(file, "w", format=form) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        tone = (9000 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)).astype(np.int16)
        channels = 2 if layout == "stereo" else 1
        frame = av.AudioFrame.from_ndarray(np.repeat(tone, channels).reshape(1, -1), "s16", layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("form", "codec", "rate", "layout"),
    [
        ("wav", "pcm_s16le", 8000, "mono"),
        ("wav", "pcm_s16le", 44100, "stereo"),
        ("wav", "pcm_s24le", 48000, "mono"),
        ("wav", "pcm_mulaw", 8000, "mono"),
        ("mp3", "libmp3lame", 44100, "stereo"),
        ("ogg", "libopus", 48000, "mono"),
        ("flac", "flac", 48000, "stereo"),
        ("aiff", "pcm_s16be", 22050, "mono"),
    ],
)
def test_a_recording_keeps_its_length_and_its_pitch(form: str, codec: str, rate: int, layout: str) -> None:
    sound = decoded(written(form, codec, rate, layout))
    assert sound.rate == RATE
    assert sound.seconds == pytest.approx(2, abs=0.1)
    power = np.abs(np.fft.rfft(sound.samples.astype(float)))
    assert np.fft.rfftfreq(len(sound.samples), 1 / RATE)[power.argmax()] == pytest.approx(440, abs=2)


def test_of_a_very_long_sound_only_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file can hold days of silence."""
    monkeypatch.setattr(decode, "LONGEST", 1)
    read: list[int] = []
    whole = np.concatenate

    def counted(pieces: list[np.ndarray]) -> np.ndarray:
        read.append(sum(map(len, pieces)))
        return whole(pieces)

    monkeypatch.setattr(decode.np, "concatenate", counted)
    assert decoded(written("flac", "flac", 48000, "mono")).seconds == 1
    assert read[0] < 1.5 * RATE


@pytest.mark.parametrize("body", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVE", b"ID3" + bytes(50)])
def test_what_is_no_sound_is_told_in_a_line(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^[a-z][^\n]+$"):
        decoded(body)
