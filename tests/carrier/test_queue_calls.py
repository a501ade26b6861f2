"""A caller waits in a queue, an agent is rung, they talk in a conference."""

from carrier.model import Callback, Request
from tests.carrier.conftest import HOTLINE, World

QUEUE = '<Enqueue action="/left" waitUrl="/wait">people</Enqueue>'


def room(**attributes: str) -> str:
    """A <Dial> into the conference talk-1."""
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<Dial action="/talked"><Conference waitUrl="" beep="false"{told}>talk-1</Conference></Dial>'


async def test_a_caller_waits_is_taken_out_and_talks_with_an_agent(world: World) -> None:
    world.app.on("/wait", "<Say>You are next</Say><Pause length='10'/>")
    world.app.on("/left", "<Hangup/>")
    world.app.on("/agent", '<Gather numDigits="1" action="/accept"><Say>Press 1</Say></Gather>')
    world.app.on("/accept", room(participantLabel="agent-7", endConferenceOnExit="true"))
    world.app.on("/join", room(participantLabel="caller"))
    world.app.on("/talked", "<Say>Goodbye</Say>")
    kim = world.phone("client:kim")
    line = await world.call(QUEUE)
    await line.hears("You are next")
    await line.hears("You are next")  # it plays again and again
    world.exchange.create_call(
        to="client:kim", from_=HOTLINE, request=Request(world.app.url + "/agent"), timeout=20
    )
    agent = await kim.rings()
    await agent.answer()
    await agent.hears("Press 1")
    await agent.press("1")
    await world.exchange.settle()
    world.exchange.dequeue("people", line.sid, Request(world.app.url + "/join"))
    await world.exchange.settle()
    await line.speak("Hello?")
    await agent.hears("Hello?")
    assert not [one for one in line.heard if one.kind == "voice"]
    await agent.hang_up()
    await line.hears("Goodbye")
    assert await line.ends() == "completed"
    left = world.app.requests("/left")
    assert [one["QueueResult"] for one in left] == ["redirected"]
    waits = world.app.requests("/wait")
    assert (waits[0]["QueuePosition"], waits[0]["CurrentQueueSize"]) == ("1", "1")
    assert int(waits[1]["QueueTime"]) >= 10
    assert world.exchange.rooms == {}


async def test_a_caller_who_hangs_up_in_the_queue_is_gone_at_once(world: World) -> None:
    world.app.on("/wait", "<Say>You are next</Say>")
    world.app.on("/left", "")
    line = await world.call(QUEUE)
    await line.hears("You are next")
    await line.hang_up()
    assert world.exchange.find_queue("people").members == []
    assert await line.ends() == "completed"
    assert [one["QueueResult"] for one in world.app.requests("/left")] == ["hangup"]


async def test_an_outbound_call_reports_what_happens_in_order(world: World) -> None:
    world.app.on("/agent", "<Say>Hello</Say>")
    world.app.on("/status", "")
    kim = world.phone("client:kim")
    events = ("initiated", "ringing", "answered", "completed")
    world.exchange.create_call(
        to="client:kim",
        from_=HOTLINE,
        request=Request(world.app.url + "/agent"),
        callback=Callback(world.app.url + "/status", events=events),
    )
    line = await kim.rings()
    await world.exchange.advance(3)
    await line.answer()
    assert await line.ends() == "completed"
    told = world.app.requests("/status")
    assert [one["CallStatus"] for one in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert told[-1]["CallDuration"] == "0"
