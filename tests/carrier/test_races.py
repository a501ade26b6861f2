"""Two things at once: whatever comes first, nobody is left hanging."""

import asyncio
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from carrier.model import CarrierError, Request
from carrier.phone import Line, NobodyRang, Phone
from tests.carrier.conftest import CALLER, HOTLINE, World

QUEUE = '<Enqueue action="/left" waitUrl="/wait">people</Enqueue>'


@dataclass
class Held:
    """A webhook whose answer is held back until the test lets it go."""

    verbs: str
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    done: int = 0

    async def __call__(self, request: web.Request) -> web.Response:
        self.asked.set()
        await self.go.wait()
        self.done += 1
        return web.Response(text=f"<Response>{self.verbs}</Response>", content_type="text/xml")


async def waiting(world: World, document: str = QUEUE) -> Line:
    """A caller in the queue."""
    world.app.on("/wait", "<Say>Please wait</Say><Pause length='30'/>")
    world.app.on("/left", "")
    line = await world.call(document)
    await line.hears("Please wait")
    return line


def results(world: World) -> list[str]:
    return [one["QueueResult"] for one in world.app.requests("/left")]


async def test_a_caller_hangs_up_while_the_webhook_is_in_flight(world: World) -> None:
    held = Held("<Say>Too late</Say>")
    world.app.on("/in", held)
    line = await Phone(world.exchange).dial(HOTLINE, CALLER)
    await held.asked.wait()
    await line.hang_up()
    assert line.status == "no-answer"
    settling = asyncio.create_task(world.exchange.settle())
    await asyncio.sleep(0.01)
    assert not settling.done()
    held.go.set()
    await settling
    await world.exchange.advance(10)
    assert held.done == 1  # the request was not torn out of the app's hands
    assert line.heard == []
    assert world.exchange.legs == {}


async def test_a_redirect_while_the_webhook_is_in_flight_wins(world: World) -> None:
    held = Held("<Say>Old</Say>")
    world.app.on("/slow", held)
    world.app.on("/new", "<Say>New</Say>")
    line = await world.call("<Say>Hi</Say><Redirect>/slow</Redirect>")
    hearing = asyncio.create_task(world.clock.until(lambda: False, 5))
    await held.asked.wait()
    world.exchange.update_call(line.sid, request=Request(world.app.url + "/new"))
    held.go.set()
    await hearing
    await line.ends()
    assert [one.text for one in line.heard] == ["Hi", "New"]


async def test_a_caller_is_dequeued_while_the_wait_document_is_fetched(world: World) -> None:
    held = Held("<Say>Please wait</Say>")
    world.app.on("/wait", held)
    world.app.on("/left", "")
    world.app.on("/join", "<Say>Connecting</Say>")
    line = await world.call(QUEUE)
    await held.asked.wait()
    world.exchange.dequeue("people", "Front", Request(world.app.url + "/join"))
    held.go.set()
    await line.hears("Connecting")
    await line.ends()
    assert [one.text for one in line.heard] == ["Connecting"]
    assert results(world) == ["redirected"]


async def test_a_caller_can_be_taken_out_of_a_queue_only_once(world: World) -> None:
    world.app.on("/join", "<Pause length='5'/>")
    line = await waiting(world)
    join = Request(world.app.url + "/join")
    world.exchange.dequeue("people", line.sid, join)
    with pytest.raises(CarrierError) as refused:
        world.exchange.dequeue("people", line.sid, join)
    assert refused.value.status == 404
    await line.ends()


async def test_a_caller_who_has_hung_up_cannot_be_taken_out(world: World) -> None:
    line = await waiting(world)
    await line.hang_up()
    with pytest.raises(CarrierError) as refused:
        world.exchange.dequeue("people", line.sid, Request(world.app.url + "/join"))
    assert refused.value.status == 404
    with pytest.raises(CarrierError) as ended:
        world.exchange.update_call(line.sid, request=Request(world.app.url + "/join"))
    assert ended.value.code == 21220


async def test_an_agents_ring_is_cancelled(world: World) -> None:
    kim = world.phone("client:kim")
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>")
    line = await kim.rings()
    world.exchange.update_call(call.sid, status="canceled")
    assert line.status == "canceled"
    await line.answer()
    await world.exchange.advance(5)
    assert (call.status, line.status) == ("canceled", "canceled")


async def test_cancel_is_refused_once_somebody_has_answered(world: World) -> None:
    kim = world.phone("client:kim")
    twiml = "<Response><Say>Hello</Say></Response>"
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml)
    line = await kim.rings()
    await line.answer()
    with pytest.raises(CarrierError) as refused:
        world.exchange.update_call(call.sid, status="canceled")
    assert refused.value.code == 21220
    world.exchange.update_call(call.sid, status="completed")
    assert line.status == "completed"


async def test_a_redirect_interrupts_the_document_at_once(world: World) -> None:
    world.app.on("/new", "<Say>New</Say>")
    line = await world.call('<Say>Old</Say><Pause length="600"/><Say>Never</Say>')
    await line.hears("Old")
    before = world.clock.now()
    world.exchange.update_call(line.sid, request=Request(world.app.url + "/new"))
    assert (await line.hears("New")).at == before


async def test_the_last_of_two_redirects_wins(world: World) -> None:
    world.app.on("/one", "<Say>One</Say>")
    world.app.on("/two", "<Say>Two</Say>")
    line = await world.call('<Pause length="600"/>')
    await world.exchange.settle()
    for path in ("/one", "/two"):
        world.exchange.update_call(line.sid, request=Request(world.app.url + path))
    await line.ends()
    assert [one.text for one in line.heard] == ["Two"]


async def test_a_ring_that_nobody_sees_is_over_before_it_is_taken(world: World) -> None:
    kim = world.phone("client:kim")
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>")
    await world.exchange.settle()
    world.exchange.update_call(call.sid, status="canceled")
    with pytest.raises(NobodyRang, match="nobody rang client:kim within 10 s"):
        await kim.rings(within=10)


async def test_the_first_who_answers_talks_and_the_others_stop_ringing(world: World) -> None:
    kim, pak = world.phone("client:kim"), world.phone("client:pak")
    line = await world.call("<Dial><Client>kim</Client><Client>pak</Client></Dial>")
    first, second = await kim.rings(), await pak.rings()
    await first.answer()
    await second.answer()
    await world.exchange.settle()
    assert (first.status, second.status) == ("in-progress", "completed")
    await line.speak("Hello")
    await first.hears("Hello")
    await line.hang_up()
    assert first.status == "completed"


async def test_an_ending_seat_that_is_redirected_ends_the_conference(world: World) -> None:
    world.app.on("/else", '<Pause length="9"/>')
    document = '<Dial><Conference endConferenceOnExit="{}">c</Conference></Dial><Say>After</Say>'
    a = await world.call(document.format("true"))
    await world.exchange.settle()
    b = await world.call(document.format("false"))
    await world.exchange.settle()
    world.exchange.update_call(a.sid, request=Request(world.app.url + "/else"))
    assert world.exchange.rooms == {}
    await b.hears("After")


async def test_who_is_fetched_from_a_queue_and_hangs_up_frees_the_other(world: World) -> None:
    line = await waiting(world)
    world.app.on("/fetch", '<Dial><Queue url="/whisper">people</Queue></Dial><Say>On my own</Say>')
    world.app.on("/whisper", "<Say>Kim is coming</Say>")
    kim = world.phone("client:kim")
    world.exchange.create_call(to="client:kim", from_=HOTLINE, request=Request(world.app.url + "/fetch"))
    agent = await kim.rings()
    await agent.answer()
    await line.hears("Kim is coming")
    await line.hang_up()
    await agent.hears("On my own")
    assert results(world) == ["bridging-in-process"]


async def test_an_agent_who_hangs_up_during_the_whisper_frees_the_caller(world: World) -> None:
    line = await waiting(world)
    world.app.on("/left", "<Say>Sorry about that</Say>")
    world.app.on("/fetch", '<Dial><Queue url="/whisper">people</Queue></Dial>')
    world.app.on("/whisper", "<Say>Kim is coming</Say>")
    kim = world.phone("client:kim")
    world.exchange.create_call(to="client:kim", from_=HOTLINE, request=Request(world.app.url + "/fetch"))
    agent = await kim.rings()
    await agent.answer()
    await line.hears("Kim is coming")
    await agent.hang_up()
    await line.hears("Sorry about that")


async def test_who_is_fetched_from_a_queue_talks_and_then_goes_on(world: World) -> None:
    line = await waiting(world)
    world.app.on("/left", "<Say>Thank you</Say>")
    kim = world.phone("client:kim")
    twiml = "<Response><Dial><Queue>people</Queue></Dial></Response>"
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml)
    agent = await kim.rings()
    await agent.answer()
    await world.exchange.settle()
    await line.speak("Hello")
    await agent.hears("Hello")
    await agent.hang_up()
    await line.hears("Thank you")
    assert results(world) == ["bridged"]


async def test_who_waits_for_a_queue_gets_the_first_who_comes(world: World) -> None:
    kim = world.phone("client:kim")
    twiml = "<Response><Dial timeout='60'><Queue>people</Queue></Dial></Response>"
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml)
    agent = await kim.rings()
    await agent.answer()
    await world.exchange.advance(20)
    line = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    await line.speak("I have just come")
    await agent.hears("I have just come")


async def test_a_redirect_out_of_a_talk_frees_the_other(world: World) -> None:
    line = await waiting(world)
    world.app.on("/else", "<Pause length='9'/>")
    kim = world.phone("client:kim")
    twiml = "<Response><Dial><Queue>people</Queue></Dial><Say>Alone</Say></Response>"
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml)
    agent = await kim.rings()
    await agent.answer()
    await world.exchange.settle()
    world.exchange.update_call(line.sid, request=Request(world.app.url + "/else"))
    await agent.hears("Alone")
    assert results(world) == ["redirected-from-bridged"]


async def test_a_time_limit_that_changes_while_it_rings_counts_from_the_answer(world: World) -> None:
    kim = world.phone("client:kim")
    twiml = "<Response><Pause length='600'/></Response>"
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml, time_limit=60)
    line = await kim.rings()
    world.exchange.update_call(call.sid, time_limit=5)
    await world.exchange.advance(20)
    assert line.status == "ringing"
    await line.answer()
    assert await line.ends() == "completed"
    assert call.duration == 5


async def test_calls_have_a_time_limit(world: World) -> None:
    kim = world.phone("client:kim")
    twiml = "<Response><Pause length='600'/></Response>"
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml, time_limit=100)
    line = await kim.rings()
    await line.answer()
    assert await line.ends(within=200) == "completed"
    assert call.duration == 100
