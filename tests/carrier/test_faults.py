"""Nobody is left in silence: what an app gets wrong is an alert, and the caller is told."""

import struct

import pytest
from aiohttp import web

from carrier.leg import Leg
from carrier.model import CarrierError, Request
from carrier.phone import Line, Phone
from carrier.registry import Ending
from carrier.script import Script
from carrier.urls import absolute, encoded
from tests.carrier.conftest import CALLER, HOTLINE, Handler, World

SORRY = "We are sorry, an application error has occurred. Goodbye."
BAD_URLS = ("http://127.0.0.1:99999/x", "http://[::1/x", "http://127.0.0.1:port/x")


def body(content: bytes, kind: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=content, headers={"Content-Type": kind})

    return answer


async def called(world: World, handler: Handler) -> Line:
    world.app.on("/in", handler)
    line = await Phone(world.exchange).dial(HOTLINE, CALLER)
    assert await line.ends() == "completed"
    return line


def words(line: Line) -> list[str]:
    return [one.text for one in line.heard]


@pytest.mark.parametrize("encoding", ["gbk", "shift_jis", "euc-kr", "koi8-r", "utf-16"])
async def test_twiml_may_come_in_any_encoding(world: World, encoding: str) -> None:
    text = {"koi8-r": "Добрый день", "euc-kr": "안녕하세요"}.get(encoding, "日本")
    say = f"<Response><Say>{text}</Say></Response>"
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{say}'
    line = await called(world, body(declared.encode(encoding), "text/xml"))
    assert words(line) == [text]
    line = await called(world, body(say.encode(encoding), f"text/xml; charset={encoding}"))
    assert words(line) == [text]
    assert world.codes() == []


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b'<?xml version="1.0" encoding="martian"?><Response/>', "text/xml", 12100),
        (b"<Response/>", "text/xml; charset=martian", 12100),
        (b"<Response/>", "text/xml; charset=hex", 12100),
        (b"Hello", "text/plain; charset=martian", 12100),
        (b"<p>It works!</p>", "text/html", 12102),
    ],
)
async def test_an_answer_that_cannot_be_read_is_an_apology(
    world: World, content: bytes, kind: str, code: int
) -> None:
    assert words(await called(world, body(content, kind))) == [SORRY]
    assert world.codes() == [code]


async def test_half_a_character_is_spoken_as_a_mark_for_it(world: World) -> None:
    line = await called(world, body(b"cut +2D0-", "text/plain; charset=utf-7"))
    assert words(line) == ["cut \ufffd"]


@pytest.mark.parametrize("url", BAD_URLS)
async def test_a_url_that_is_none_is_an_alert(world: World, url: str) -> None:
    async def leads_there(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": url})

    world.app.on("/there", leads_there)
    for verb in (f"<Redirect>{url}</Redirect>", "<Redirect>/there</Redirect>"):
        line = await world.call(verb)
        await line.ends()
        assert words(line) == [SORRY]
        assert world.codes() == [11100]
        world.exchange.alerts.clear()
    line = await world.call(f"<Play>{url}</Play><Say>Still here</Say>")
    await line.ends()
    assert words(line) == ["Still here"]
    assert world.codes() == [11100]


@pytest.mark.parametrize("url", BAD_URLS)
async def test_a_waiting_call_hears_music_where_its_wait_url_is_none(world: World, url: str) -> None:
    line = await world.call(f'<Enqueue waitUrl="{url}">people</Enqueue>')
    await line.hears("hold music")
    await line.hang_up()
    assert world.codes() == [11100]


async def test_a_whisper_that_is_nowhere_ends_only_the_call_that_was_dialled(world: World) -> None:
    kim = world.phone("client:kim")
    line = await world.call(f'<Dial><Client url="{BAD_URLS[0]}">kim</Client></Dial><Say>Sorry</Say>')
    await (await kim.rings()).answer()
    await line.hears("Sorry")
    await line.ends()
    assert world.codes() == [11100]


async def test_a_callback_that_is_nowhere_does_not_silence_the_others(world: World) -> None:
    world.app.on("/status", "")
    number = next(iter(world.exchange.numbers.values()))
    number.status_callback = BAD_URLS[1]
    line = await world.call("<Pause length='9'/>")
    await world.exchange.advance(1)
    call = world.exchange.calls[line.sid]
    assert call.callback is not None
    leg = world.exchange.legs[line.sid]
    leg.reports.send(call.callback, {})
    await world.exchange.settle()
    world.exchange.update_call(line.sid, status="completed")
    await world.exchange.settle()
    assert world.codes() == [11100, 11100]


async def test_a_number_of_thousands_of_digits_is_none(world: World) -> None:
    line = await world.call(f'<Say>Hi</Say><Pause length="{"9" * 5000}"/>')
    await line.ends(10)
    assert words(line) == ["Hi"]
    assert world.codes() == [12200]


async def test_a_sound_without_a_frame_rate_is_as_long_as_its_bytes(world: World) -> None:
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36, b"WAVE", b"fmt ", 16, 1, 1, 0, 0, 1, 8, b"data", 0)
    world.app.on("/none.wav", body(head, "audio/x-wav"))
    line = await world.call("<Play>/none.wav</Play><Say>On we go</Say>")
    await line.ends()
    assert words(line)[-1] == "On we go"


def wav(seconds: int, told: int) -> bytes:
    """A sound of so many seconds, whose header tells of so many bytes."""
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", told
    )
    return head + bytes(8000 * seconds)


@pytest.mark.parametrize("told", [0xFFFF_FFFF, 0x7FFF_FFFF, 2**30])
async def test_a_sound_is_no_longer_than_its_bytes_whatever_its_header_says(world: World, told: int) -> None:
    world.app.on("/streamed.wav", body(wav(3, told), "audio/x-wav"))
    line = await world.call("<Play>/streamed.wav</Play><Say>On we go</Say>")
    begun = world.clock.now()
    await line.hears("On we go")
    assert (world.clock.now() - begun).total_seconds() == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize(("told", "seconds"), [(160_000, 20), (0xFFFF_FFFF, 8.2)])
async def test_a_sound_that_comes_in_pieces_is_as_long_as_its_header_says(
    world: World, told: int, seconds: float
) -> None:
    """Only its beginning is read; a header that says nothing leaves what was read."""

    async def pieces(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "audio/x-wav"})
        await answer.prepare(request)
        await answer.write(wav(20, told))
        return answer

    world.app.on("/pieces.wav", pieces)
    line = await world.call("<Play>/pieces.wav</Play><Say>On we go</Say>")
    begun = world.clock.now()
    await line.hears("On we go")
    assert (world.clock.now() - begun).total_seconds() == pytest.approx(seconds, abs=0.1)


async def test_a_play_without_a_sound_is_a_warning_and_asks_nothing(world: World) -> None:
    line = await world.call("<Play/><Play> </Play><Say>On we go</Say>")
    await line.ends()
    assert (words(line), len(world.app.asked)) == (["On we go"], 1)
    assert world.codes() == [12200, 12200]


@pytest.mark.parametrize(
    ("verb", "code"), [("<Play>/missing.wav</Play>", 11217), ("<Play/>", 12200), ("<Dial>+1</Dial>", 13238)]
)
async def test_a_wait_document_that_cannot_be_heard_is_music_and_few_alerts(
    world: World, verb: str, code: int
) -> None:
    world.app.on("/wait", verb)
    line = await world.call('<Enqueue waitUrl="/wait">people</Enqueue>')
    await world.exchange.advance(119)
    assert words(line) == ["hold music", "hold music"]
    assert world.codes() == [code, code]


async def test_a_hold_document_whose_sound_is_missing_is_music(world: World) -> None:
    world.app.on("/wait", "<Play>/missing.wav</Play>")
    line = await world.call('<Dial><Conference waitUrl="/wait">talk</Conference></Dial>')
    await world.exchange.advance(70)
    assert words(line) == ["hold music", "hold music"]


async def test_a_mistake_at_holding_is_music(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(self: Script, first: Request | str) -> Ending:
        raise ZeroDivisionError

    line = await world.call('<Dial><Conference waitUrl="">talk</Conference></Dial>')
    await world.exchange.settle()
    monkeypatch.setattr(Script, "run", fails)
    world.exchange.update_participant("talk", line.sid, hold=True, hold_request=Request(world.app.url + "/h"))
    await line.hears("hold music")
    assert world.codes() == [20500]
    world.exchange.faults.clear()


async def test_a_mistake_of_the_carriers_own_is_an_apology(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(self: Script, first: Request | str) -> Ending:
        raise ZeroDivisionError

    monkeypatch.setattr(Script, "run", fails)
    line = await world.call("")
    assert await line.ends() == "completed"
    assert words(line) == [SORRY]
    assert world.codes() == [20500]
    assert [type(one) for one in world.exchange.faults] == [ZeroDivisionError]
    world.exchange.faults.clear()


async def test_a_dialled_call_that_meets_a_mistake_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(leg: Leg, keys: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.exchange.medium, "keys", fails)
    kim = world.phone("client:kim")
    line = await world.call("<Dial><Client>kim</Client></Dial><Say>Sorry</Say>")
    theirs = await kim.rings()
    await theirs.answer()
    await line.hears("Sorry")
    assert await theirs.ends() == "completed"
    world.exchange.faults.clear()


async def test_a_call_that_meets_a_mistake_before_it_is_answered_has_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(address: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.exchange, "telephone", fails)
    call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>")
    await world.exchange.settle()
    assert call.status == "failed"
    world.exchange.faults.clear()


def test_only_what_is_illegal_in_a_url_is_encoded() -> None:
    assert encoded("http://a.test/%e4 b?x=人|100%&y='(!)'") == (
        "http://a.test/%e4%20b?x=%E4%BA%BA%7C100%25&y='(!)'"
    )
    assert absolute("http://a.test/b", "http://[::1/x") == "http://[::1/x"


async def test_a_url_with_illegal_characters_is_asked_and_signed_as_sent(world: World) -> None:
    world.app.on("/a b", "")
    line = await world.call("<Redirect>/a b?name=人</Redirect>")
    await line.ends()
    assert world.app.asked[-1].url == world.app.url + "/a%20b?name=%E4%BA%BA"
    assert world.codes() == []


async def test_what_a_get_appends_is_not_part_of_the_documents_address(world: World) -> None:
    world.app.on("/a", '<Gather numDigits="1" method="GET"/>', '<Gather numDigits="1" method="GET"/>', "")
    line = await world.call('<Redirect method="GET">/a?x=1</Redirect>')
    for key in "12":
        await world.exchange.advance(1)
        await line.press(key)
    await line.ends()
    urls = [one.url for one in world.app.asked[1:]]
    assert [url.count("CallSid=") for url in urls] == [1, 1, 1]
    assert [one["Digits"] for one in world.app.requests("/a")[1:]] == ["1", "2"]


async def test_a_refused_update_changes_nothing(world: World) -> None:
    line = await world.call("<Say>Hi</Say><Pause length='9'/>")
    await world.exchange.advance(1)
    call = world.exchange.calls[line.sid]
    fallback = world.exchange.legs[line.sid].fallback
    other = Request("http://fallback.test/")
    with pytest.raises(CarrierError):
        world.exchange.update_call(line.sid, status="canceled", fallback=other, time_limit=1)
    assert world.exchange.legs[line.sid].fallback == fallback
    await world.exchange.advance(5)
    assert call.live
    await line.hang_up()
