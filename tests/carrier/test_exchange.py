"""The exchange as a whole: many calls at once, a clean stop, recordings that outlive it, refusals."""

import asyncio
import wave
from collections.abc import Callable

import pytest

from carrier.clock import ManualClock
from carrier.exchange import Exchange
from carrier.model import Account, Callback, CarrierError, Request, Taping
from carrier.phone import Line, Phone
from tests.carrier.conftest import CALLER, HOTLINE, TOKEN, World

MANY = 240


async def test_240_calls_at_once(world: World) -> None:
    """Each presses a key, waits in order, is taken out in turn and talks with an agent of its own."""
    world.app.on("/in", '<Gather numDigits="1" action="/queue"><Say>Press a key</Say></Gather>')
    world.app.on("/queue", '<Enqueue waitUrl="/wait">people</Enqueue>')
    world.app.on("/wait", '<Say>Please wait</Say><Pause length="20"/>')
    world.app.on("/join", "<Say>Connecting</Say><Hangup/>")

    async def caller(number: int) -> Line:
        line = await Phone(world.exchange).dial(HOTLINE, f"+86431{number:08}")
        await line.hears("Press a key")
        await line.press("1")
        await line.hears("Please wait")
        return line

    lines = await asyncio.gather(*(caller(number) for number in range(MANY)))
    queue = world.exchange.find_queue("people")
    assert queue.current_size == MANY
    order = [member.call_sid for member in queue.members]
    assert sorted(order) == sorted(line.sid for line in lines)
    join = Request(world.app.url + "/join")
    assert [world.exchange.dequeue("people", "Front", join).call_sid for _ in lines] == order
    assert {await line.ends() for line in lines} == {"completed"}
    assert world.exchange.legs == {}


async def test_a_stop_ends_every_call_and_reports_it(world: World) -> None:
    world.app.on("/status", "")
    number = next(iter(world.exchange.numbers.values()))
    world.exchange.update_number(number.sid, status_callback=world.app.url + "/status")
    talking = await world.call("<Pause length='600'/><Say>Never</Say>")
    await world.exchange.settle()
    queued = await world.call("<Enqueue>people</Enqueue>")
    kim = world.phone("client:kim")
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>")
    ringing = await kim.rings()
    await world.exchange.close()
    assert [line.status for line in (talking, queued, ringing)] == ["canceled", "completed", "canceled"]
    assert sorted(one["CallStatus"] for one in world.app.requests("/status")) == ["canceled", "completed"]
    assert not [task for task in asyncio.all_tasks() if task in world.exchange.tasks]


async def test_a_recording_is_a_file_as_long_as_what_was_said_and_outlives_the_carrier(world: World) -> None:
    world.app.on("/r", "")
    line = await world.call('<Record action="/r"/>')
    await line.hears("beep")
    await line.speak("一二三四五六七八九十")
    await line.press("1")
    await line.ends()
    told = world.app.requests("/r")[0]
    recording = world.exchange.find_recording(told["RecordingSid"])
    assert told["RecordingUrl"].startswith("http://carrier.test/2010-04-01/Accounts/AC")
    assert told["RecordingUrl"].endswith(f"/Recordings/{recording.sid}")
    with wave.open(str(recording.path)) as sound:
        assert sound.getnframes() / sound.getframerate() == 3
    again = Exchange(Account("AC" + "0" * 32, TOKEN), ManualClock(), world.folder, "http://carrier.test")
    assert again.find_recording(recording.sid) == recording
    again.delete_recording(recording.sid)
    assert list((world.folder / "recordings").iterdir()) == []
    with pytest.raises(CarrierError, match="not found"):
        again.find_recording(recording.sid)


async def test_what_a_killed_carrier_left_of_recordings_is_removed(world: World) -> None:
    """Nobody would ever find it, or delete it when its days are over."""
    world.app.on("/r", "")
    line = await world.call('<Record action="/r"/>')
    await line.hears("beep")
    await line.speak("一二三四五")
    await line.ends()
    [whole] = world.exchange.recordings
    folder = world.folder / "recordings"
    kept = {path.name for path in folder.iterdir()}
    damaged = "RE" + "2" * 32
    for piece in (f"{damaged}.json", f"{damaged}.wav"):
        (folder / piece).write_text("damaged")
    lost = "RE" + "1" * 32
    for piece in (f"{lost}.part", f"{lost}.wav", f"{lost}.mp3", f"{lost}.tmp", f"{whole}.abc.part"):
        (folder / piece).write_bytes(b"a voice")
    again = Exchange(Account("AC" + "0" * 32, TOKEN), ManualClock(), world.folder, "http://carrier.test")
    assert {path.name for path in folder.iterdir()} == kept | {f"{damaged}.json", f"{damaged}.wav"}
    assert list(again.recordings) == [whole]
    told = again.alerts[-1].text
    assert told == f"removed what was not finished of recordings: {', '.join(sorted((lost, whole)))}"


async def test_a_recorded_call_lasts_from_answer_to_end(world: World) -> None:
    world.app.on("/done", "")
    kim = world.phone("client:kim")
    callback = Callback(world.app.url + "/done")
    twiml = "<Response><Pause length='8'/></Response>"
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml, taping=Taping(callback=callback))
    line = await kim.rings()
    await world.exchange.advance(4)
    await line.answer()
    await line.ends()
    await world.exchange.settle()
    done = world.app.requests("/done")
    assert [(one["RecordingDuration"], one["RecordingSource"]) for one in done] == [("8", "OutboundAPI")]


Refused = Callable[[Exchange], object]


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        (21205, lambda it: it.create_call(to="client:kim", from_=HOTLINE)),
        (21218, lambda it: it.create_call(to="c", from_="d", twiml="<R/>", request=Request("http://x"))),
        (32018, lambda it: it.create_call(to="client:kim", from_=HOTLINE, twiml="x" * 4001)),
        (20404, lambda it: it.find_call("CA1")),
        (20404, lambda it: it.update_call("CA1", status="completed")),
        (20404, lambda it: it.find_queue("nobody's")),
        (20404, lambda it: it.delete_queue("nobody's")),
        (20404, lambda it: it.find_member("people", "Front")),
        (22003, lambda it: it.create_queue("people")),
        (22001, lambda it: it.update_queue("people", max_size=5001)),
        (20404, lambda it: it.find_conference("nobody's")),
        (20404, lambda it: it.update_number("PN1", voice_url="http://x")),
        (20404, lambda it: it.remove_number("PN1")),
        (21422, lambda it: it.add_number(HOTLINE)),
    ],
)
async def test_what_cannot_be_done_is_refused_with_twilios_code(
    world: World, code: int, ask: Refused
) -> None:
    world.exchange.create_queue("people")
    with pytest.raises(CarrierError) as refused:
        ask(world.exchange)
    assert refused.value.code == code


async def test_a_queue_with_somebody_in_it_stays(world: World) -> None:
    line = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    with pytest.raises(CarrierError, match="not empty"):
        world.exchange.delete_queue("people")
    await line.hang_up()
    world.exchange.delete_queue("people")


async def test_a_queue_that_somebody_watches_stays(world: World) -> None:
    line = await world.call("<Dial timeout='10'><Queue>people</Queue></Dial>")
    await world.exchange.settle()
    with pytest.raises(CarrierError, match="in use") as refused:
        world.exchange.delete_queue("people")
    assert refused.value.code == 22004
    await line.ends()
    world.exchange.delete_queue("people")
    assert (world.exchange.queues, world.exchange.takers) == ({}, {})


async def test_queue_figures(world: World) -> None:
    for _ in range(2):
        await world.call("<Enqueue>people</Enqueue>")
        await world.exchange.advance(10)
    queue = world.exchange.find_queue("people")
    assert queue.average_wait(world.clock.now()) == 15
    front = world.exchange.find_member(queue.sid, "Front")
    assert queue.position(front) == 1
    assert front.date_enqueued < queue.members[1].date_enqueued


async def test_only_so_much_that_is_over_is_remembered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carrier.core.KEPT", 3)
    live = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    for _ in range(5):
        await (await world.call("<Play>/none.wav</Play>")).ends()
    assert len(world.exchange.calls) == 3
    assert live.sid in world.exchange.calls
    assert len(world.exchange.alerts) == 3


async def test_only_so_many_mistakes_of_the_carriers_own_are_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carrier.core.FAULTS_KEPT", 2)
    call = (await world.call("<Pause/>")).sid
    for number in range(4):
        world.exchange.blame(ValueError(number), world.exchange.calls[call])
    assert [str(fault) for fault in world.exchange.faults] == ["2", "3"]
    world.exchange.faults.clear()


async def test_of_telephones_that_have_gone_nothing_is_left(world: World) -> None:
    phones = [world.phone(f"client:{number}") for number in range(9)]
    phones.append(world.phone("client:0"))
    for phone in phones:
        await phone.close()
    assert world.exchange.telephones == {}


async def test_a_number_without_a_webhook_apologises(world: World) -> None:
    world.exchange.add_number("+861")
    await (await Phone(world.exchange).dial("+861", CALLER)).hears("We are sorry")
    assert world.codes() == [11100]


async def test_a_removed_number_leads_nowhere(world: World) -> None:
    number = next(iter(world.exchange.numbers.values()))
    world.exchange.remove_number(number.sid)
    assert await (await Phone(world.exchange).dial(HOTLINE, CALLER)).ends() == "failed"


async def test_numbers_are_found_however_they_are_written(world: World) -> None:
    world.app.on("/in", "<Say>Hello</Say>")
    line = await Phone(world.exchange).dial("+86 431 12345", "+86 431 8888 0001")
    await line.hears("Hello")
    assert (line.from_, line.to) == (CALLER, HOTLINE)
    phone = world.phone("+8613900000000")
    line = await world.call("<Dial><Number>+86 (139) 0000-0000</Number></Dial>")
    assert (await phone.rings()).to == "+8613900000000"


async def test_keys_are_sent_after_the_answer(world: World) -> None:
    kim = world.phone("client:kim")
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>", send_digits="w12")
    line = await kim.rings()
    await line.answer()
    await line.ends()
    assert [one.text for one in line.heard] == ["1", "2"]


@pytest.mark.parametrize(
    "verb",
    [
        "<Redirect>/relative</Redirect>",
        "<Redirect>/relative?to=http://a.test/</Redirect>",
        "<Redirect>//a.test/relative</Redirect>",
        "<Play>/relative.wav</Play>",
    ],
)
async def test_twiml_of_its_own_needs_absolute_addresses(world: World, verb: str) -> None:
    kim = world.phone("client:kim")
    twiml = f"<Response>{verb}</Response>"
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml)
    await (await kim.rings()).answer()
    await world.exchange.settle()
    assert world.codes() == [15004]


async def test_an_action_that_is_only_told_of_the_end_needs_an_absolute_address_too(world: World) -> None:
    kim = world.phone("client:kim")
    twiml = '<Response><Enqueue action="/left">people</Enqueue></Response>'
    world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml)
    line = await kim.rings()
    await line.answer()
    await line.hears("hold music")
    await line.hang_up()
    await world.exchange.settle()
    assert world.codes() == [15004]


async def test_a_sound_is_fetched_once_while_it_may_be_kept(world: World) -> None:
    await (await world.call("<Play>/kept.wav</Play><Play>/kept.wav</Play>")).ends()
    assert len(world.app.requests("/kept.wav")) == 1
    await world.exchange.advance(61)
    await (await world.call("<Play>/kept.wav</Play>")).ends()
    assert len(world.app.requests("/kept.wav")) == 2


async def test_only_so_many_sounds_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carrier.media.silent.MOST_KEPT", 2)
    for wanted in "1231":
        await (await world.call(f"<Play>/kept.wav?{wanted}</Play>")).ends()
    assert len(world.app.requests("/kept.wav")) == 4
    await (await world.call("<Play>/kept.wav?3</Play>")).ends()
    assert len(world.app.requests("/kept.wav")) == 4
