"""What comes of media and tokens that are no good, and of pages that are closed at any moment."""

import asyncio
import base64
import time

import jwt
import psutil
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from carrier.media import tones
from carrier.sounds import Key
from carrier.voice import signalling
from carrier.voice.token import KIND
from tests.carrier_voice.browser import Browser
from tests.carrier_voice.conftest import ACCOUNT, NUMBER, World
from tests.carrier_voice.test_calls import hears_something

TALK = '<Response><Say language="en-US">Hello there.</Say><Pause length="600"/></Response>'


def sockets() -> int:
    """The UDP sockets that are open: each connection, at either end, has some."""
    return len(psutil.Process().net_connections("udp"))


async def nothing_left(world: World) -> None:
    """Wait until there is no call, no telephone, no task of theirs and no connection any more."""
    exchange = world.exchange
    async with asyncio.timeout(20):
        while exchange.legs or exchange.telephones or exchange.tasks or listeners() or sockets():
            await asyncio.sleep(0.05)
    assert not world.mixer.calls


def listeners() -> list[str]:
    """The lines that still wait for somebody's voice."""
    names = [str(getattr(task.get_coro(), "__qualname__", "")) for task in asyncio.all_tasks()]
    return [name for name in names if name.startswith("Line.")]


async def close(world: World, page: Browser) -> None:
    world.browsers.remove(page)
    await page.close()


async def listening(world: World, token: str | None = None) -> Browser:
    page = await world.browser()
    await page.say("listen", token=token or world.token("caller"))
    await page.gets("connected")
    return page


async def rung(world: World) -> Browser:
    """A page that has been called."""
    page = await world.seat("kim", 440)
    world.exchange.create_call(to="client:kim", from_=NUMBER, twiml=TALK)
    await page.gets("invite")
    return page


async def test_a_page_closed_before_it_does_anything_leaves_nothing(world: World) -> None:
    await close(world, await world.browser())
    await nothing_left(world)


async def test_a_page_closed_when_it_has_registered_rings_no_more(world: World) -> None:
    await close(world, await world.seat("kim"))
    await nothing_left(world)


async def test_a_page_closed_while_it_dials_has_called_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answers = asyncio.Event(), signalling.Line.answer

    async def answer(line: signalling.Line, offer: str) -> str:
        begun.set()
        return await answers(line, offer)

    monkeypatch.setattr(signalling.Line, "answer", answer)
    page = await listening(world)
    await page.dial(NUMBER)
    await begun.wait()
    await close(world, page)
    await nothing_left(world)
    assert not world.exchange.calls


async def test_a_page_closed_while_its_sound_is_being_connected_has_called_nobody(world: World) -> None:
    page = await listening(world)
    await page.dial(NUMBER)
    await page.gets("answer")
    await close(world, page)
    await nothing_left(world)
    assert not world.exchange.calls


async def test_a_page_closed_while_it_rings_leaves_no_call(world: World) -> None:
    await close(world, await rung(world))
    await nothing_left(world)
    assert [one.status for one in world.exchange.calls.values()] == ["busy"]


async def test_a_page_closed_at_the_moment_it_accepts_leaves_no_call(world: World) -> None:
    page = await rung(world)
    await page.accept()
    await close(world, page)
    await nothing_left(world)
    assert not [one for one in world.exchange.calls.values() if one.live]


async def test_a_page_closed_in_a_talk_has_hung_up(world: World) -> None:
    page = await rung(world)
    await page.accept()
    await hears_something(page)
    await close(world, page)
    await nothing_left(world)
    assert [one.status for one in world.exchange.calls.values()] == ["completed"]


async def test_a_call_that_ends_while_it_is_being_offered_leaves_no_connection(world: World) -> None:
    page = await world.seat("kim")
    for turns in range(12):
        call = world.exchange.create_call(to="client:kim", from_=NUMBER, twiml=TALK)
        for _ in range(turns):
            await asyncio.sleep(0)
        world.exchange.update_call(call.sid, status="completed")
    await close(world, page)
    await nothing_left(world)


async def test_a_caller_who_gives_up_at_the_moment_the_seat_accepts_leaves_no_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await rung(world)
    (call,) = world.exchange.calls.values()
    connects = signalling.Line.up

    async def up(line: signalling.Line, within: float) -> bool:
        connected = await connects(line, within)
        world.exchange.update_call(call.sid, status="completed")
        return connected

    monkeypatch.setattr(signalling.Line, "up", up)
    await page.accept()
    await page.gets("cancel")
    await close(world, page)
    await nothing_left(world)


async def test_a_carrier_that_stops_tells_its_browsers(world: World) -> None:
    page = await rung(world)
    await page.accept()
    await hears_something(page)
    await world.exchange.close()
    await page.gets("hangup", within=5)
    async with asyncio.timeout(5):
        while not page.socket.closed:
            await asyncio.sleep(0.02)


async def test_one_line_that_is_lost_leaves_the_others_their_sound(world: World) -> None:
    music = "<Say>Hello there.</Say><Enqueue>people</Enqueue>"
    lost, other = await world.caller(music), await world.caller(music)
    await hears_something(other)
    lost.breaks_off()
    await lost.gets("hangup", within=20)
    other.heard = other.heard[:0]
    await hears_something(other)


async def test_a_mistake_in_the_mixer_silences_nobody(world: World) -> None:
    call = await world.caller("<Say>Hello there.</Say><Enqueue>people</Enqueue>")
    await hears_something(call)
    (leg,) = world.exchange.legs.values()
    leg.audience = 7  # type: ignore[assignment]
    async with asyncio.timeout(10):
        while not world.mixer.faults:
            await asyncio.sleep(0.02)
    leg.audience, world.mixer.faults = None, 0
    call.heard = call.heard[:0]
    await hears_something(call)


async def test_nobody_elsewhere_is_asked_for_an_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def ask(_protocol: object, server: tuple[str, int], *_more: object) -> None:
        asked.append(server)

    page = await world.seat("kim")
    monkeypatch.setattr("aioice.ice.server_reflexive_candidate", ask)
    world.exchange.create_call(to="client:kim", from_=NUMBER, twiml=TALK)
    await page.gets("invite")
    assert asked == []


@pytest.mark.parametrize("direction", ["recvonly", "inactive"])
async def test_a_page_without_a_microphone_is_told_so_and_calls_nobody(world: World, direction: str) -> None:
    page, peer = await listening(world), RTCPeerConnection()
    peer.addTransceiver("audio", direction)
    await peer.setLocalDescription(await peer.createOffer())
    page.sid = "TJ1"
    await page.invite(peer.localDescription.sdp, To=NUMBER)
    error = (await page.gets("error"))["error"]
    await page.gets("hangup")
    await peer.close()
    assert (error["code"], "microphone" in error["message"]) == (31100, True)
    assert not world.exchange.calls


@pytest.mark.parametrize("more", [["video"], ["audio", "video"], ["audio", "audio"]])
async def test_a_page_that_sends_anything_but_one_sound_is_refused(world: World, more: list[str]) -> None:
    page, peer = await listening(world), RTCPeerConnection()
    for kind in more:
        peer.addTransceiver(kind)
    await peer.setLocalDescription(await peer.createOffer())
    page.sid = "TJ1"
    await page.invite(peer.localDescription.sdp, To=NUMBER)
    assert (await page.gets("error"))["error"]["code"] == 31100
    await peer.close()
    assert not world.exchange.calls


async def dead_end(offer: str | None = None) -> str:
    """The description of a telephone that is gone: it offers a call, or answers one."""
    peer = RTCPeerConnection()
    if offer is None:
        peer.addTransceiver("audio")
        await peer.setLocalDescription(await peer.createOffer())
    else:
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        peer.getTransceivers()[0].direction = "sendrecv"
        await peer.setLocalDescription(await peer.createAnswer())
    sdp = peer.localDescription.sdp
    await peer.close()
    return str(sdp)


async def test_a_dialling_page_that_cannot_be_reached_is_told_and_calls_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling, "CONNECTING", 0.5)
    page = await listening(world)
    await page.dial(NUMBER)  # and never takes the answer
    assert (await page.gets("error"))["error"]["code"] == 53405
    await page.gets("hangup")
    assert not world.exchange.calls
    await close(world, page)
    await nothing_left(world)


async def test_a_connection_that_fails_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling, "CONNECTING", 600)
    monkeypatch.setattr("aioice.stun.RETRY_MAX", 1)
    page = await listening(world)
    page.sid = "TJ1"
    await page.invite(await dead_end(), To=NUMBER)
    assert (await page.gets("error"))["error"]["code"] == 53405
    await page.gets("hangup")
    assert not world.exchange.calls
    await close(world, page)
    await nothing_left(world)


async def test_a_seat_that_cannot_be_reached_ends_the_call(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling, "CONNECTING", 0.5)
    page = await rung(world)
    invited = await page.gets("invite")
    await page.say("answer", callsid=invited["callsid"], sdp=await dead_end(invited["sdp"]))
    assert (await page.gets("error"))["error"]["code"] == 53405
    await page.gets("cancel")
    assert [one.status for one in world.exchange.calls.values()] == ["busy"]


def signed(algorithm: str = "HS256", secret: str | None = ACCOUNT.token, **told: object) -> str:
    """A token that is good but for what is said."""
    claims = {
        "sub": ACCOUNT.sid,
        "exp": time.time() + 3600,
        "grants": {"identity": "kim", "voice": {"incoming": {"allow": True}, "outgoing": {}}},
    }
    return jwt.encode(claims | told, secret, algorithm, {"cty": KIND})


async def test_the_token_that_the_bad_ones_differ_from_is_good(world: World) -> None:
    await (await listening(world, signed())).say("register")
    async with asyncio.timeout(5):
        while not world.exchange.telephone("client:kim"):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        pytest.param(signed(secret="not the account's token, but long enough"), 20101, id="wrong signature"),
        pytest.param(signed("HS384"), 20101, id="wrong algorithm"),
        pytest.param(signed("none", None), 20101, id="no signature"),
        pytest.param(signed(sub="AC" + "b" * 32), 20101, id="another account"),
        pytest.param(signed(grants={"identity": "kim"}), 20101, id="no grant"),
        pytest.param(signed(grants={"voice": {}}), 20101, id="nobody"),
        pytest.param(signed(exp=time.time() - 10), 20104, id="expired"),
        pytest.param(signed(exp=float("inf")), 20101, id="for ever"),
        pytest.param("", 20101, id="nothing"),
        pytest.param("\ud800", 20101, id="half a character"),
        pytest.param(base64.urlsafe_b64encode(b"[" * 90000).decode() + ".e30.e30", 20101, id="deep"),
    ],
)
async def test_a_token_that_is_no_good_opens_nothing(world: World, token: str, code: int) -> None:
    page = await world.browser()
    await page.say("listen", token=token)
    assert (await page.gets("error"))["error"]["code"] == code
    for kind in ("register", "invite"):
        page.told.clear()
        await page.say(kind, callsid="TJ1", sdp="", twilio={"params": f"To={NUMBER}"})
        assert (await page.gets("error"))["error"]["code"] == 31204
    assert not world.exchange.telephones
    assert not world.exchange.calls


async def test_a_token_that_may_not_ring_or_call_does_not(world: World) -> None:
    page = await listening(world, world.token("kim", incoming=False, outgoing=False))
    await page.say("register")
    await page.gets("ready")
    page.sid = "TJ1"
    await page.invite("", To=NUMBER)
    assert "may not" in (await page.gets("error"))["error"]["message"]
    await page.gets("hangup")
    assert not world.exchange.telephones


async def test_a_page_that_dials_without_end_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling, "MOST_CALLS", 2)
    page = await listening(world)
    for count in range(3):
        page.sid = f"TJ{count}"
        await page.invite(await dead_end(), To=NUMBER)
    assert "2 calls already" in (await page.gets("error"))["error"]["message"]
    await close(world, page)
    await nothing_left(world)


async def test_more_keys_than_anybody_presses_are_not_sounded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await rung(world)
    await page.accept()
    await hears_something(page)
    (leg,) = world.exchange.legs.values()
    with leg.listening() as ears:
        await page.press("1" * 200_000)
        await page.press("#")
        async with asyncio.timeout(10):
            while await ears.next() != Key("#"):
                pass
    line = world.mixer.line(leg)
    assert line is not None
    for _ in range(1000):
        line.signals.play(tones.tone("1"))
    assert line.signals.queued - line.signals.played <= 8000 * 10


async def test_a_tab_that_is_closed_in_the_middle_has_hung_up(world: World) -> None:
    call = await world.caller('<Say language="en-US">Hello there.</Say><Pause length="60"/>')
    await hears_something(call)
    await call.close()
    world.browsers.remove(call)
    async with asyncio.timeout(10):
        while world.exchange.legs:
            await asyncio.sleep(0.05)
    assert [one.status for one in world.exchange.calls.values()] == ["completed"]


async def test_a_line_that_falls_silent_altogether_is_noticed_in_seconds(world: World) -> None:
    call = await world.caller('<Say language="en-US">Hello there.</Say><Pause length="600"/>')
    await hears_something(call)
    call.breaks_off()
    await call.gets("hangup", within=15)


async def test_a_token_that_runs_out_ends_the_ringing_and_no_talk(world: World) -> None:
    kim = await world.browser(1200)
    await kim.register(world.token("kim", ttl=3))
    call = await world.caller("<Dial><Client>kim</Client></Dial>", 440)
    await kim.accept()
    await call.hears(1200)
    assert (await kim.gets("error"))["error"]["code"] == 20104
    assert world.exchange.telephone("client:kim") is None
    await call.hears(1200)
    await kim.register(world.token("kim"))
    async with asyncio.timeout(5):
        while world.exchange.telephone("client:kim") is None:
            await asyncio.sleep(0.05)
    await call.hang_up()
    await kim.gets("hangup")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"x"',
        '{"type": 1}',
        "[" * 5000,
        '{"type": "invite", "payload": 3}',
        '{"type": "invite", "payload": {"twilio": "x"}}',
        '{"type": "listen", "payload": {"token": "\\ud800"}}',
    ],
)
async def test_what_is_no_frame_is_said_so_and_the_telephone_lives(world: World, text: str) -> None:
    browser = await world.browser()
    await browser.socket.send_str(text)
    assert (await browser.gets("error"))["error"]["code"] in (31100, 31204, 20101)
    await browser.register(world.token("kim"))


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "nonsense",
        "v=0\r\n",
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
    ],
)
async def test_a_call_without_a_sound_is_refused_and_places_no_call(world: World, sdp: str) -> None:
    browser = await world.browser()
    await browser.register(world.token("kim"))
    browser.sid = "TJ1"
    await browser.invite(sdp, To="+8643112345")
    assert (await browser.gets("error"))["error"]["code"] == 31100
    assert not world.exchange.calls


async def test_who_gives_up_while_the_sound_is_being_connected_has_called_nobody(world: World) -> None:
    call = await world.browser()
    await call.say("listen", token=world.token("caller"))
    await call.gets("connected")
    await call.dial(NUMBER)
    await call.hang_up()
    await call.connect()
    await asyncio.sleep(1)
    assert not world.exchange.calls


async def test_a_number_that_is_not_there_is_said_so(world: World) -> None:
    call = await world.browser()
    await call.call(world.token("caller"), "+8643199999")
    assert (await call.gets("error"))["error"]["code"] == 31005
    await call.gets("hangup")


async def test_an_answer_that_is_none_ends_the_call(world: World) -> None:
    kim = await world.seat("kim")
    call = await world.caller("<Dial><Client>kim</Client></Dial>")
    invited = await kim.gets("invite")
    await kim.say("answer", callsid=invited["callsid"], sdp="nonsense")
    await kim.gets("error")
    await call.gets("hangup")


async def test_a_hundred_telephones_register_at_once(world: World) -> None:
    seats = await asyncio.gather(*(world.seat(f"seat-{count}") for count in range(100)))
    assert all(world.exchange.telephone(f"client:seat-{count}") for count in range(100))
    for seat in seats:
        await seat.close()
        world.browsers.remove(seat)
    async with asyncio.timeout(10):
        while world.exchange.telephone("client:seat-7"):
            await asyncio.sleep(0.05)
