"""A call that goes on is recorded: begun, paused, resumed and stopped, by whoever asks."""

import wave

import pytest

from carrier.model import Callback, CarrierError, Recording, Taping
from carrier.phone import Line
from tests.carrier.conftest import World

CURRENT = "Twilio.CURRENT"
TALK = "<Say>Hello</Say><Pause length='60'/>"


async def talk(world: World) -> Line:
    world.app.on("/recorded", "")
    line = await world.call(TALK)
    await world.exchange.settle()
    return line


def begin(world: World, line: Line, **how: object) -> Recording:
    events = ("in-progress", "completed", "absent")
    callback = Callback(world.app.url + "/recorded", "POST", events)
    return world.exchange.start_recording(line.sid, Taping(callback=callback, **how))


def reports(world: World) -> list[tuple[str, str | None]]:
    """The recording's statuses as they were reported, and its length."""
    return [(one["RecordingStatus"], one.get("RecordingDuration")) for one in world.app.requests("/recorded")]


def frames(recording: Recording) -> tuple[int, int]:
    """The channels and the seconds of the file."""
    with wave.open(str(recording.path)) as sound:
        return sound.getnchannels(), sound.getnframes() // sound.getframerate()


async def test_a_silent_call_is_recorded_from_then_on_in_two_channels_as_long_as_it_goes_on(
    world: World,
) -> None:
    line = await talk(world)
    await world.exchange.advance(10)
    recording = begin(world, line, channels=2)
    await world.exchange.advance(7)
    await line.hang_up()
    await world.exchange.settle()
    assert reports(world) == [("in-progress", None), ("completed", "7")]
    assert frames(recording) == (2, 7)
    told = world.app.requests("/recorded")[-1]
    assert (told["RecordingSource"], told["RecordingTrack"]) == ("StartCallRecordingAPI", "both")
    assert (told["RecordingChannels"], told["CallSid"]) == ("2", line.sid)


async def test_a_stopped_recording_ends_at_once_and_only_once(world: World) -> None:
    line = await talk(world)
    recording = begin(world, line)
    await world.exchange.advance(4)
    assert world.exchange.change_recording(line.sid, CURRENT, "stopped") is recording
    await world.exchange.advance(4)
    await line.hang_up()
    await world.exchange.settle()
    assert reports(world) == [("in-progress", None), ("completed", "4")]
    with pytest.raises(CarrierError) as refused:
        world.exchange.change_recording(line.sid, recording.sid, "stopped")
    assert (refused.value.status, refused.value.code) == (400, 21220)


@pytest.mark.parametrize(("pause", "seconds"), [("silence", 12), ("skip", 7)])
async def test_a_pause_is_silence_or_left_out(world: World, pause: str, seconds: int) -> None:
    line = await talk(world)
    recording = begin(world, line)
    await world.exchange.advance(4)
    world.exchange.change_recording(line.sid, CURRENT, "paused", pause)
    assert recording.status == "paused"
    await world.exchange.advance(5)
    world.exchange.change_recording(line.sid, recording.sid, "in-progress")
    assert recording.status == "in-progress"
    await world.exchange.advance(3)
    await line.hang_up()
    assert recording.duration == seconds


async def test_a_recording_that_is_paused_to_the_end_ends_where_it_was_paused(world: World) -> None:
    line = await talk(world)
    recording = begin(world, line)
    await world.exchange.advance(4)
    world.exchange.change_recording(line.sid, CURRENT, "paused", "skip")
    world.exchange.change_recording(line.sid, CURRENT, "paused", "skip")
    with pytest.raises(CarrierError):
        world.exchange.delete_recording(recording.sid)
    await world.exchange.advance(9)
    await line.hang_up()
    assert (recording.status, recording.duration) == ("completed", 4)


async def test_two_recordings_of_one_call_end_each_at_its_time(world: World) -> None:
    line = await talk(world)
    first = begin(world, line)
    await world.exchange.advance(2)
    second = begin(world, line)
    assert world.exchange.change_recording(line.sid, CURRENT, "stopped") is second
    await world.exchange.advance(3)
    assert world.exchange.change_recording(line.sid, CURRENT, "stopped") is first
    assert (first.duration, second.status) == (5, "absent")


async def test_a_call_that_is_over_or_has_not_been_answered_is_not_recorded(world: World) -> None:
    kim = world.phone("client:kim")
    ringing = world.exchange.create_call(to="client:kim", from_="+8643112345", twiml="<Response/>")
    await kim.rings()
    over = await talk(world)
    await over.hang_up()
    for sid in (ringing.sid, over.sid):
        with pytest.raises(CarrierError) as refused:
            world.exchange.start_recording(sid)
        assert (refused.value.status, refused.value.code) == (400, 21220)
    assert world.exchange.recordings == {}


async def test_a_recording_is_found_at_its_own_call_only(world: World) -> None:
    line, other = await talk(world), await talk(world)
    recording = begin(world, line)
    for call, name in ((other.sid, recording.sid), (other.sid, CURRENT), ("CA1", CURRENT)):
        with pytest.raises(CarrierError) as refused:
            world.exchange.change_recording(call, name, "stopped")
        assert (refused.value.status, refused.value.code) == (404, 20404)
    assert recording.goes_on


async def test_a_call_that_is_recorded_from_its_answer_can_be_stopped_too(world: World) -> None:
    kim = world.phone("client:kim")
    call = world.exchange.create_call(
        to="client:kim", from_="+8643112345", twiml=f"<Response>{TALK}</Response>", taping=Taping()
    )
    await (await kim.rings()).answer()
    await world.exchange.advance(6)
    stopped = world.exchange.change_recording(call.sid, CURRENT, "stopped")
    assert (stopped.source, stopped.duration) == ("OutboundAPI", 6)
