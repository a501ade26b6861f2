"""A disk that is full, a deed that fails, people who leave just then: the others go on."""

import asyncio
import gc
import wave

import pytest
from aiohttp import web

from carrier.box import Box
from carrier.exchange import Exchange
from carrier.model import Callback, CarrierError, Recording, Request, Taping
from carrier.phone import Line
from carrier.queueing import Queueing
from tests.carrier.conftest import HOTLINE, World

FETCH = "<Response><Dial timeout='60'><Queue>people</Queue></Dial><Say>On my own</Say></Response>"


async def agent(world: World, twiml: str, name: str = "kim") -> Line:
    """An agent who has answered a call that runs `twiml`."""
    phone = world.phone(f"client:{name}")
    world.exchange.create_call(to=f"client:{name}", from_=HOTLINE, twiml=twiml)
    line = await phone.rings()
    await line.answer()
    await world.exchange.settle()
    return line


async def test_a_recording_that_the_disk_does_not_take_is_absent(world: World) -> None:
    (world.folder / "recordings").write_text("not a folder")
    world.app.on("/done", "")
    world.app.on("/recorded", "<Say>Thank you</Say>")
    line = await world.call(
        '<Record action="/recorded" recordingStatusCallback="/done"'
        ' recordingStatusCallbackEvent="completed absent" timeout="2"/>'
    )
    await line.hears("beep")
    await line.speak("There is a hole in our street")
    await line.hears("Thank you")
    await line.ends()
    assert [one["RecordingStatus"] for one in world.app.requests("/done")] == ["absent"]
    assert world.codes() == [20500]


async def test_a_call_that_cannot_be_recorded_is_a_call(world: World) -> None:
    (world.folder / "recordings").write_text("not a folder")
    kim = world.phone("client:kim")
    twiml = "<Response><Say>Hello</Say></Response>"
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml=twiml, taping=Taping())
    line = await kim.rings()
    await line.answer()
    await line.hears("Hello")
    assert await line.ends() == "completed"
    assert call.status == "completed"
    assert [one.status for one in world.exchange.recordings.values()] == ["absent"]


async def recording_of(world: World) -> tuple[Line, Recording]:
    """A caller who is being recorded, and has said something."""
    line = await world.call('<Record timeout="2"/><Say>Thank you</Say>')
    await line.hears("beep")
    await line.speak("There is a hole in our street")
    return line, next(iter(world.exchange.recordings.values()))


async def test_of_a_recording_that_is_half_written_nothing_stays(world: World) -> None:
    line, recording = await recording_of(world)
    recording.path.with_suffix(".json").mkdir(parents=True)
    await line.hang_up()
    assert (recording.status, recording.duration, world.codes()) == ("absent", 0, [20500])
    assert [path.name for path in recording.path.parent.iterdir()] == [f"{recording.sid}.json"]


async def test_a_recording_in_progress_is_not_deleted(world: World) -> None:
    line, recording = await recording_of(world)
    with pytest.raises(CarrierError, match="in progress") as refused:
        world.exchange.delete_recording(recording.sid)
    assert (refused.value.status, refused.value.code) == (400, 20001)
    await line.hang_up()
    world.exchange.delete_recording(recording.sid)
    assert (world.exchange.recordings, list(recording.path.parent.iterdir())) == ({}, [])


async def test_a_recording_that_the_disk_does_not_let_go_is_still_there(world: World) -> None:
    line, recording = await recording_of(world)
    await line.hang_up()
    recording.path.unlink()
    recording.path.mkdir()
    with pytest.raises(CarrierError, match="could not be removed") as refused:
        world.exchange.delete_recording(recording.sid)
    assert refused.value.status == 500
    assert world.exchange.find_recording(recording.sid) is recording
    recording.path.rmdir()
    world.exchange.delete_recording(recording.sid)


@pytest.mark.parametrize("damage", ["", "{", "[]", "7", "{}", '{"date_created": 1}', "\ud83d"])
async def test_a_damaged_note_does_not_keep_the_carrier_from_starting(world: World, damage: str) -> None:
    line, recording = await recording_of(world)
    await line.hang_up()
    damaged = recording.path.with_name("RE0.json")
    damaged.write_bytes(damage.encode("utf-8", "surrogatepass"))
    again = Exchange(world.exchange.account, world.clock, world.folder, "http://carrier.test")
    assert list(again.recordings) == [recording.sid]
    assert [str(damaged) in alert.text for alert in again.alerts] == [True]


async def test_only_so_many_recordings_of_nothing_are_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carrier.core.KEPT", 2)
    line, kept = await recording_of(world)
    await line.hang_up()
    for _ in range(4):
        await (await world.call('<Record timeout="1"/>')).ends()
    assert [one.status for one in world.exchange.recordings.values()] == ["completed", "absent"]
    assert world.exchange.find_recording(kept.sid)


async def test_a_recording_is_as_long_as_its_header_says(world: World) -> None:
    line = await world.call('<Record maxLength="3"/>')
    await line.hears("beep")
    await line.speak("x" * 100)
    await world.exchange.advance(9)
    recording = next(iter(world.exchange.recordings.values()))
    with wave.open(str(recording.path)) as sound:
        assert (sound.getnframes(), len(sound.readframes(10**6))) == (24_000, 24_000)


async def test_recordings_take_no_numbers_from_a_calls_reports(world: World) -> None:
    world.app.on("/status", "")
    world.app.on("/done", "")
    kim = world.phone("client:kim")
    world.exchange.create_call(
        to="client:kim",
        from_=HOTLINE,
        twiml=f"<Response><Record timeout='1' recordingStatusCallback='{world.app.url}/done'/></Response>",
        callback=Callback(world.app.url + "/status", events=("answered", "completed")),
    )
    line = await kim.rings()
    await line.answer()
    await line.hears("beep")
    await line.speak("Hello")
    await line.ends()
    await world.exchange.settle()
    assert [one["SequenceNumber"] for one in world.app.requests("/status")] == ["0", "1"]
    assert ["SequenceNumber" in one for one in world.app.requests("/done")] == [False]


async def test_one_deed_that_fails_at_a_calls_end_keeps_no_other_from_being_done(world: World) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    done: list[str] = []
    line = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    leg = world.exchange.legs[line.sid]
    leg.watch(fails)
    leg.watch(lambda: done.append("watched"))
    with leg.staying(fails):
        leg.end("completed")
    assert (line.status, done) == ("completed", ["watched"])
    assert world.exchange.find_queue("people").members == []
    assert world.codes() == [20500, 20500]
    world.exchange.faults.clear()


async def test_a_taker_is_not_left_with_a_caller_who_has_just_gone(world: World) -> None:
    taker = await agent(world, FETCH)
    line = await world.call("<Enqueue>people</Enqueue>")
    joined = Queueing.join_queue

    def join_and_go(*args: object) -> object:
        asyncio.get_running_loop().call_soon(world.exchange.act, line.sid, "hang-up")
        return joined(world.exchange, *args)  # type: ignore[arg-type] # they are passed on as they came

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.exchange, "join_queue", join_and_go)
        await world.exchange.settle()
    assert line.status == "completed"
    second = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    await second.speak("Is anybody there?")
    await taker.hears("Is anybody there?")


async def test_a_caller_who_hangs_up_in_the_moment_of_being_taken_frees_the_taker(world: World) -> None:
    line = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    box = world.exchange.waiting[line.sid].box
    put = box.put

    def put_and_go(letter: object) -> None:
        put(letter)  # type: ignore[arg-type] # passed on as it came
        world.exchange.act(line.sid, "hang-up")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(box, "put", put_and_go)
        taker = await agent(world, FETCH)
        await taker.hears("On my own", within=2)


async def test_a_taker_who_gives_up_takes_nobody(world: World) -> None:
    first = await agent(world, FETCH.replace("60", "5"))
    second = await agent(world, FETCH, "pak")
    await first.hears("On my own")
    line = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    await line.speak("Hello")
    await second.hears("Hello")


async def test_whom_a_taker_did_not_take_the_next_one_gets(world: World) -> None:
    queue = world.exchange.create_queue("people")
    first = world.exchange.await_member(queue)
    second = world.exchange.await_member(queue)
    assert isinstance(second, Box)
    line = await world.call("<Enqueue>people</Enqueue>")
    await world.exchange.settle()
    world.exchange.forget_taker(queue, first)
    assert [one.leg.call.sid for one in second.rest()] == [line.sid]


async def conference(world: World) -> tuple[Line, Line]:
    document = '<Dial><Conference beep="false" waitUrl="{}">talk</Conference></Dial>'
    a = await world.call(document.format("/nowhere"))
    await world.exchange.settle()
    await a.hears("hold music")
    b = await world.call(document.format(""))
    await world.exchange.settle()
    return a, b


async def test_a_hold_url_that_fails_is_music(world: World) -> None:
    a, b = await conference(world)
    nowhere = Request(world.app.url + "/nowhere")
    world.exchange.update_participant("talk", b.sid, hold=True, hold_request=nowhere)
    await b.hears("hold music")
    await b.hears("hold music", within=90)
    await a.hang_up()


async def test_a_hold_that_is_over_before_it_begins_leaves_nothing_behind(world: World) -> None:
    a, b = await conference(world)
    heard, music = len(b.heard), Request(world.app.url + "/music")
    world.exchange.update_participant("talk", b.sid, hold=True, hold_request=music)
    world.exchange.update_participant("talk", b.sid, hold=False)
    await world.exchange.advance(5)
    gc.collect()  # what was begun and never awaited complains here
    assert (b.heard[heard:], world.app.requests("/music")) == ([], [])
    await a.hang_up()


async def test_an_announcement_that_nobody_is_left_to_hear_is_over(world: World) -> None:
    a, b = await conference(world)
    world.app.on("/news", "<Say>News</Say>")
    world.exchange.update_conference("talk", announce=Request(world.app.url + "/news"))
    await a.hang_up()
    await b.hang_up()
    await world.exchange.settle()
    assert world.exchange.faults == []


STAY = '<Dial><Conference beep="false" waitUrl="">talk</Conference></Dial>'


async def test_two_announcements_at_once_both_end_with_the_stay(world: World) -> None:
    a, b = [await world.call(f"{STAY}<Pause length='100'/>") for _ in "ab"]
    await world.exchange.settle()
    for path in ("/one", "/two"):
        world.app.on(path, f"<Say>News {path}</Say><Pause length='3'/><Say>More {path}</Say>")
        world.exchange.update_conference("talk", announce=Request(world.app.url + path))
        await world.exchange.settle()
    world.exchange.remove_participant("talk", b.sid)
    await world.exchange.advance(30)
    assert [one.text for one in b.heard] == ["News /one", "News /two"]
    assert [one.text for one in a.heard][-2:] == ["More /one", "More /two"]


async def test_an_announcement_is_not_for_whoever_has_left_and_come_back(world: World) -> None:
    go = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        await go.wait()
        return web.Response(text="<Response><Say>Old news</Say></Response>", content_type="text/xml")

    world.app.on("/news", slow)
    a, b = [await world.call(STAY + STAY) for _ in "ab"]
    await world.exchange.settle()
    world.exchange.update_conference("talk", announce=Request(world.app.url + "/news"))
    world.exchange.remove_participant("talk", b.sid)
    async with asyncio.timeout(30):
        while b.sid not in world.exchange.rooms["talk"].seats:
            await asyncio.sleep(0.01)
    go.set()
    await world.exchange.settle()
    assert [[one.text for one in line.heard] for line in (a, b)] == [["Old news"], []]


async def test_an_announcement_may_lead_to_another_document(world: World) -> None:
    a, b = await conference(world)
    world.app.on("/news", "<Redirect>/elsewhere</Redirect>")
    world.app.on("/elsewhere", "<Say>News from elsewhere</Say>")
    world.exchange.update_conference("talk", announce=Request(world.app.url + "/news"))
    for line in (a, b):
        await line.hears("News from elsewhere")


async def test_silence_in_a_recording_counts_from_the_end_of_the_words(world: World) -> None:
    world.app.on("/recorded", "")
    line = await world.call('<Record action="/recorded" timeout="5"/>')
    await line.hears("beep")
    begun = world.clock.now()
    await world.exchange.advance(3)
    await line.speak("x" * 100)
    await world.exchange.advance(4)
    await line.speak("x" * 100)
    await line.ends(60)
    assert (world.clock.now() - begun).total_seconds() == pytest.approx(3 + 2 * 6.5 + 5)


@pytest.mark.parametrize(("wanted", "codes"), [("speech", [12200]), ("dtmf speech", []), ("dtmf", [])])
async def test_words_alone_can_not_be_gathered(world: World, wanted: str, codes: list[int]) -> None:
    line = await world.call(f'<Gather input="{wanted}" timeout="1"/>')
    await line.ends()
    assert world.codes() == codes
