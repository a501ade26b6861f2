"""What becomes of a <Dial>: answered, bridged, recorded, or none of it; and what is said of it then."""

import pytest

from carrier.model import Callback, Request, Taping
from carrier.phone import Line
from tests.carrier.conftest import HOTLINE, World

LONG = "Somebody will be with you in a moment, and thank you for your patience"


async def agent(world: World, document: str, name: str = "kim") -> Line:
    """An agent who has picked up, and whose call runs `document`."""
    world.app.on(f"/agent-{name}", document)
    phone = world.phone(f"client:{name}")
    request = Request(f"{world.app.url}/agent-{name}")
    world.exchange.create_call(to=f"client:{name}", from_=HOTLINE, request=request)
    line = await phone.rings()
    await line.answer()
    await world.exchange.settle()
    return line


async def queued(world: World) -> Line:
    world.app.on("/left", "<Say>Sorry about that</Say>")
    line = await world.call('<Enqueue action="/left">people</Enqueue>')
    await world.exchange.settle()
    return line


def told(world: World, path: str = "/talked") -> dict[str, str]:
    """What the action was told of the talk, once."""
    (asked,) = world.app.requests(path)
    return {name: value for name, value in asked.items() if name.startswith(("Dial", "Recording", "Queue"))}


async def test_a_conference_answers_a_call_that_waits_for_its_bridge(world: World) -> None:
    line = await world.call('<Dial answerOnBridge="true"><Conference>talk</Conference></Dial>')
    other = await agent(world, "<Dial><Conference>talk</Conference></Dial>")
    assert line.status == "in-progress"
    await line.speak("Good morning")
    await other.hears("Good morning")
    await world.exchange.advance(100)
    await line.hang_up()
    call = world.exchange.calls[line.sid]
    assert (call.status, call.duration) == ("completed", 100)


async def test_a_queue_answers_a_call_once_somebody_is_taken_out(world: World) -> None:
    line = await world.call('<Dial answerOnBridge="true"><Queue>people</Queue></Dial>')
    await world.exchange.advance(3)
    assert line.status == "ringing"
    waiting = await queued(world)
    assert line.status == "in-progress"
    await waiting.speak("Good morning")
    await line.hears("Good morning")


async def test_whoever_is_taken_and_hangs_up_in_the_whisper_has_not_answered(world: World) -> None:
    world.app.on("/whisper", f"<Say>{LONG}</Say>")
    world.app.on("/talked", "")
    line = await queued(world)
    await agent(world, '<Dial action="/talked"><Queue url="/whisper">people</Queue></Dial>')
    await world.exchange.advance(2)
    await line.hang_up()
    await world.exchange.settle()
    assert told(world) == {"DialCallStatus": "no-answer", "DialCallSid": line.sid, "DialBridged": "false"}


async def test_a_taker_who_hangs_up_in_the_whisper_was_never_bridged(world: World) -> None:
    world.app.on("/whisper", f"<Say>{LONG}</Say>")
    world.app.on("/talked", "")
    line = await queued(world)
    taker = await agent(world, '<Dial action="/talked"><Queue url="/whisper">people</Queue></Dial>')
    await line.hears(LONG)
    await world.exchange.advance(2)
    await taker.hang_up()
    await line.hears("Sorry about that")
    assert told(world, "/left")["QueueResult"] == "bridging-in-process"
    assert told(world) == {"DialCallStatus": "canceled", "DialCallSid": line.sid, "DialBridged": "false"}


async def test_a_talk_counts_from_when_both_are_there(world: World) -> None:
    world.app.on("/whisper", "<Say>Kim is coming</Say><Pause length='6'/>")
    world.app.on("/talked", "")
    world.app.on("/done", "")
    line = await queued(world)
    taker = await agent(
        world,
        '<Dial action="/talked" record="record-from-answer" recordingStatusCallback="/done">'
        '<Queue url="/whisper">people</Queue></Dial>',
    )
    await world.exchange.advance(6 + 0.9 + 4)
    await line.hang_up()
    await taker.ends()
    assert told(world, "/left")["QueueResult"] == "bridged"
    assert (told(world)["DialCallDuration"], told(world)["DialBridged"]) == ("4", "true")
    assert told(world, "/done")["RecordingDuration"] == "5"  # four seconds and a bit
    assert told(world)["RecordingUrl"] == told(world, "/done")["RecordingUrl"]


async def test_a_whisper_that_hangs_up_ends_the_call_that_was_taken(world: World) -> None:
    world.app.on("/whisper", "<Say>We are closed</Say><Hangup/>")
    line = await queued(world)
    taker = await agent(world, '<Dial><Queue url="/whisper">people</Queue></Dial><Say>On my own</Say>')
    await line.hears("We are closed")
    assert await line.ends() == "completed"
    await taker.hears("On my own")
    assert told(world, "/left")["QueueResult"] == "bridging-in-process"


@pytest.mark.parametrize("word", ["", "no", "yes", "record-from-start"])
async def test_a_talk_is_recorded_only_where_the_word_for_it_is_known(world: World, word: str) -> None:
    world.app.on("/talked", "")
    kim = world.phone("client:kim")
    line = await world.call(f'<Dial action="/talked" record="{word}"><Client>kim</Client></Dial>')
    theirs = await kim.rings()
    await theirs.answer()
    await world.exchange.advance(3)
    await theirs.hang_up()
    await line.ends()
    assert (world.exchange.recordings, world.codes()) == ({}, [12200])
    assert "RecordingUrl" not in told(world)


async def test_a_conference_is_recorded_only_where_the_word_for_it_is_known(world: World) -> None:
    document = '<Dial timeLimit="5"><Conference record="{}">talk</Conference></Dial>'
    line = await world.call(document.format("perhaps"))
    await agent(world, document.format("false"))
    await line.ends()
    assert (world.exchange.recordings, world.codes()) == ({}, [12200])


ALL = "in-progress completed"
ASKED_FOR = f'recordingStatusCallback="/done" recordingStatusCallbackEvent="{ALL}"'


def begun_and_over(world: World) -> list[tuple[str, str, str | None]]:
    """What was reported of recordings: their source, their status, their length."""
    return [
        (one["RecordingSource"], one["RecordingStatus"], one.get("RecordingDuration"))
        for one in world.app.requests("/done")
    ]


async def test_a_message_and_a_talk_are_reported_when_their_recording_begins(world: World) -> None:
    world.app.on("/done", "")
    kim = world.phone("client:kim")
    line = await world.call(
        f'<Record {ASKED_FOR} timeout="1" action="/in"/>'
        f'<Dial record="true" {ASKED_FOR}><Client>kim</Client></Dial>'
    )
    await world.exchange.settle()
    assert begun_and_over(world) == [("RecordVerb", "in-progress", None)]
    theirs = await kim.rings()
    await theirs.answer()
    await world.exchange.advance(3)
    await theirs.hang_up()
    await line.ends()
    await world.exchange.settle()
    assert begun_and_over(world)[1:] == [("DialVerb", "in-progress", None), ("DialVerb", "completed", "3")]


async def test_a_call_and_a_conference_are_reported_when_their_recording_begins(world: World) -> None:
    world.app.on("/done", "")
    kim = world.phone("client:kim")
    twiml = "<Response><Dial><Conference>talk</Conference></Dial></Response>"
    callback = Callback(world.app.url + "/done", events=tuple(ALL.split()))
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml, taping=Taping(callback=callback))
    theirs = await kim.rings()
    await world.exchange.advance(4)
    assert begun_and_over(world) == []
    await theirs.answer()
    await world.exchange.settle()
    assert begun_and_over(world) == [("OutboundAPI", "in-progress", None)]
    await theirs.hang_up()
    await world.exchange.settle()
    document = f'<Dial><Conference record="record-from-start" {ASKED_FOR}>talk</Conference></Dial>'
    lines = [await agent(world, document, name) for name in ("kim", "pak")]
    assert begun_and_over(world)[-1] == ("Conference", "in-progress", None)
    for line in lines:
        await line.hang_up()


async def test_of_a_call_that_nobody_answers_there_is_no_recording(world: World) -> None:
    kim = world.phone("client:kim")
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>", taping=Taping())
    await (await kim.rings()).decline()
    assert world.exchange.recordings == {}


async def test_a_misspelt_event_is_a_warning_and_the_others_are_reported(world: World) -> None:
    world.app.on("/status", "")
    kim = world.phone("client:kim")
    for events in ("anwsered", "anwsered ringing"):
        client = f'<Client statusCallback="/status" statusCallbackEvent="{events}">kim</Client>'
        line = await world.call(f"<Dial>{client}</Dial>")
        await (await kim.rings()).decline()
        await line.ends()
        await world.exchange.settle()
    assert [one["CallStatus"] for one in world.app.requests("/status")] == ["busy", "ringing"]
    assert world.codes() == [12200, 12200]
    assert "'anwsered' in statusCallbackEvent of <Client>" in world.exchange.alerts[0].text


async def test_a_misspelt_event_of_a_conference_and_of_a_recording_is_a_warning(world: World) -> None:
    await (
        await world.call('<Record recordingStatusCallback="/x" recordingStatusCallbackEvent="done"/>')
    ).ends()
    await (
        await world.call(
            '<Dial timeLimit="1"><Conference statusCallback="/x" statusCallbackEvent="joined leave">c'
            "</Conference></Dial>"
        )
    ).ends()
    assert [alert.text.split(" in ")[0] for alert in world.exchange.alerts if alert.error_code == 12200] == [
        "line 1: 'done'",
        "line 1: 'joined'",
    ]
