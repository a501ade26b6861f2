"""What is written of a recording, and what is left of one that could not be."""

import asyncio
import wave
from pathlib import Path

import numpy as np
import pytest

from carrier import mp3
from carrier.clock import RealClock
from carrier.exchange import Exchange
from carrier.voice.player import FRAME
from carrier.voice.tape import Tape
from tests.carrier_voice.browser import RATE, share
from tests.carrier_voice.conftest import ACCOUNT, World
from tests.carrier_voice.test_calls import recorded


async def test_a_dial_recorded_in_two_channels_has_the_caller_in_the_first(world: World) -> None:
    """And no ringing, whose tone the caller's is: it ends when somebody answers."""
    kim = await world.seat("kim", 1200)
    call = await world.caller('<Dial record="record-from-answer-dual"><Client>kim</Client></Dial>', 450)
    await kim.accept()
    await kim.hears(450)
    await call.hears(1200)
    await asyncio.sleep(0.5)
    await call.hang_up()
    await kim.gets("hangup")
    sound, channels = recorded(world)
    assert channels == 2
    for channel, (says, hears) in enumerate([(450, 1200), (1200, 450)]):
        assert share(sound[:, channel], says) > 0.5
        assert share(sound[:, channel], hears) < 0.05


async def test_two_loud_voices_are_cut_at_full_scale_and_do_not_turn_over(world: World) -> None:
    leg = world.exchange.new_leg(from_="1", to="2", direction="inbound")
    tape = Tape(world.exchange.folder / "loud.wav", leg, hears=True)
    loud = np.full(FRAME, 30000, np.int16)
    tape.take({leg: loud}, {leg: loud.astype(np.int32) * 3})
    assert tape.end(trim=False) == pytest.approx(0.02)
    with wave.open(str(world.exchange.folder / "loud.wav")) as file:
        assert set(np.frombuffer(file.readframes(FRAME), "<i2")) == {32767}
    leg.end("completed")


async def test_of_a_recording_that_the_disk_does_not_take_nothing_is_left(world: World) -> None:
    folder = world.exchange.folder
    (folder / "full.part").symlink_to("/dev/full")
    leg = world.exchange.new_leg(from_="1", to="2", direction="inbound")
    tape = Tape(folder / "full.wav", leg)
    for _ in range(100):
        tape.take({leg: np.full(FRAME, 9000, np.int16)}, {})
    with pytest.raises(OSError, match="No space"):
        tape.end(trim=False)
    assert not list(folder.glob("full.*"))
    leg.end("completed")


async def test_of_a_recording_of_nothing_nothing_is_left(world: World) -> None:
    folder = world.exchange.folder
    leg = world.exchange.new_leg(from_="1", to="2", direction="inbound")
    tape = Tape(folder / "nothing.wav", leg)
    tape.take({leg: np.zeros(FRAME, np.int16)}, {})
    assert tape.end(trim=True) == 0
    assert not list(folder.glob("nothing.*"))
    leg.end("completed")


def test_what_a_killed_carrier_was_recording_is_gone_when_it_starts_again(tmp_path: Path) -> None:
    cut_off = tmp_path / "recordings" / "RE0.part"
    cut_off.parent.mkdir()
    cut_off.write_bytes(b"a voice")
    Exchange(ACCOUNT, RealClock(), tmp_path, "")
    assert not cut_off.exists()


def test_a_recording_that_is_deleted_while_its_mp3_is_made_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wav = tmp_path / "RE0.wav"
    with wave.open(str(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(RATE))
    encode = mp3._encode

    def deleted_meanwhile(source: Path, to: str) -> None:
        encode(source, to)
        wav.unlink()

    monkeypatch.setattr(mp3, "_encode", deleted_meanwhile)
    with pytest.raises(FileNotFoundError):
        mp3.made(wav)
    assert not list(tmp_path.iterdir())
