"""Talks and conferences that are recorded: from when on, how, and changed while they go on."""

import wave

import pytest

from carrier.model import CarrierError, Recording
from carrier.phone import Line
from tests.carrier.conftest import World
from tests.carrier.test_conference import joined

CURRENT = "Twilio.CURRENT"
TOLD = 'recordingStatusCallback="/done" recordingStatusCallbackEvent="in-progress completed absent"'


async def talk(world: World, attributes: str) -> tuple[Line, Line, Recording]:
    """A caller and an agent who talk after five seconds of ringing, and the recording of that."""
    for path in ("/talked", "/done"):
        world.app.on(path, "")
    kim = world.phone("client:kim")
    line = await world.call(f'<Dial action="/talked" {TOLD} {attributes}><Client>kim</Client></Dial>')
    theirs = await kim.rings()
    await world.exchange.advance(5)
    await theirs.answer()
    await world.exchange.settle()
    (recording,) = world.exchange.recordings.values()
    return line, theirs, recording


@pytest.mark.parametrize(
    ("mode", "channels", "seconds"),
    [
        ("true", 1, 7),
        ("record-from-answer", 1, 7),
        ("record-from-answer-dual", 2, 7),
        ("record-from-ringing", 1, 12),
        ("record-from-ringing-dual", 2, 12),
    ],
)
async def test_a_talk_is_recorded_from_its_beginning_or_from_the_ringing(
    world: World, mode: str, channels: int, seconds: int
) -> None:
    line, _, recording = await talk(world, f'record="{mode}"')
    await world.exchange.advance(7)
    await line.hang_up()
    await world.exchange.settle()
    told = world.app.requests("/done")[-1]
    assert (told["RecordingDuration"], told["RecordingChannels"]) == (str(seconds), str(channels))
    with wave.open(str(recording.path)) as sound:
        assert sound.getnchannels() == channels
    assert world.app.requests("/talked")[0]["RecordingUrl"] == told["RecordingUrl"]


async def test_a_ringing_that_nobody_answers_is_recorded_where_the_app_wants_it(world: World) -> None:
    world.phone("client:kim")
    line = await world.call(
        '<Dial record="record-from-ringing" timeout="10"><Client>kim</Client></Dial><Say>Nobody</Say>'
    )
    await line.hears("Nobody", 60)
    (recording,) = world.exchange.recordings.values()
    assert (recording.status, recording.duration) == ("completed", 15)


async def test_how_a_talk_is_recorded(world: World) -> None:
    _, _, recording = await talk(world, 'record="true" recordingTrack="inbound" trim="trim-silence"')
    assert (recording.track, recording.trim) == ("inbound", True)
    assert world.codes() == []


async def test_a_talk_is_recorded_with_its_silence_and_a_conference_without(world: World) -> None:
    _, _, recording = await talk(world, 'record="true"')
    await joined(world, "a", record="true")
    await joined(world, "b")
    assert [one.trim for one in world.exchange.recordings.values()] == [False, True]
    assert recording.track == "both"


async def test_a_recorded_talk_is_paused_resumed_and_stopped(world: World) -> None:
    line, theirs, recording = await talk(world, 'record="true"')
    await world.exchange.advance(4)
    assert world.exchange.change_recording(line.sid, CURRENT, "paused", "skip") is recording
    await world.exchange.advance(5)
    world.exchange.change_recording(line.sid, recording.sid, "in-progress")
    await world.exchange.advance(2)
    world.exchange.change_recording(line.sid, CURRENT, "stopped")
    await world.exchange.advance(9)
    await theirs.hang_up()
    await world.exchange.settle()
    assert [one["RecordingStatus"] for one in world.app.requests("/done")] == ["in-progress", "completed"]
    assert recording.duration == 6
    assert world.app.requests("/talked")[0]["RecordingUrl"].endswith(recording.sid)


async def test_a_recorded_conference_is_paused_resumed_and_stopped(world: World) -> None:
    a, b = await joined(world, "a", record="record-from-start"), await joined(world, "b")
    (recording,) = world.exchange.recordings.values()
    conference = str(recording.conference_sid)
    await world.exchange.advance(4)
    assert world.exchange.change_recording(conference, CURRENT, "paused", "skip") is recording
    await world.exchange.advance(5)
    world.exchange.change_recording(conference, recording.sid, "in-progress")
    await world.exchange.advance(2)
    world.exchange.change_recording(conference, CURRENT, "stopped")
    assert (recording.status, recording.duration) == ("completed", 6)
    await a.hang_up()
    await b.hang_up()
    assert recording.duration == 6
    with pytest.raises(CarrierError) as refused:
        world.exchange.change_recording(conference, recording.sid, "paused")
    assert (refused.value.status, refused.value.code) == (400, 21220)


async def test_the_conferences_recording_is_not_its_calls(world: World) -> None:
    await joined(world, "a", record="record-from-start")
    b = await joined(world, "b")
    (recording,) = world.exchange.recordings.values()
    assert recording.call_sid == b.sid
    with pytest.raises(CarrierError) as refused:
        world.exchange.change_recording(b.sid, CURRENT, "stopped")
    assert (refused.value.status, refused.value.code) == (404, 20404)


async def test_whoever_wants_a_conference_recorded_says_who_is_told(world: World) -> None:
    world.app.on("/done", "")
    await joined(world, "a", recordingStatusCallback="/elsewhere")
    b = await joined(world, "b", record="true", recordingStatusCallback="/done")
    await world.exchange.advance(2)
    world.exchange.change_recording(next(iter(world.exchange.conferences)), CURRENT, "stopped")
    await world.exchange.settle()
    assert len(world.app.requests("/done")) == 1
    assert world.app.requests("/elsewhere") == []
    assert b.live


async def test_nouns_may_ring_one_after_the_other(world: World) -> None:
    world.app.on("/talked", "")
    phones = [world.phone(f"client:{name}") for name in ("kim", "pak", "lee")]
    nouns = "<Client>kim</Client><Client>pak</Client><Client>lee</Client>"
    line = await world.call(f'<Dial sequential="true" timeout="10" action="/talked">{nouns}</Dial>')
    first = await phones[0].rings()
    await world.exchange.advance(5)
    assert len(world.exchange.legs) == 2
    await first.decline()
    second = await phones[1].rings()
    assert await second.ends(60) == "no-answer"
    third = await phones[2].rings()
    await third.answer()
    await world.exchange.settle()
    await third.speak("Good morning")
    await line.hears("Good morning")
    await third.hang_up()
    await world.exchange.settle()
    (told,) = world.app.requests("/talked")
    assert (told["DialCallStatus"], told["DialCallSid"]) == ("completed", third.sid)
