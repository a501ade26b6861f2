"""Media streams: an app's WebSocket that hears a call and is heard on it."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestServer
from streamdouble import api as streamdouble
from streamdouble import g711, protocol
from twilio.request_validator import RequestValidator

from carrier import streaming
from carrier.phone import Phone
from carrier.speech import mulaw
from carrier.speech.pcm import Samples
from tests.carrier_voice.browser import RATE, share
from tests.carrier_voice.conftest import ACCOUNT, NUMBER, World

Frame = dict[str, Any]
Speaks = Callable[["Speech", Frame], Awaitable[None]]


async def nothing(speech: "Speech", frame: Frame) -> None:
    """An app that only listens."""


class Speech:
    """An app with a speech engine of its own: keeps every frame, and does `speaks` at each."""

    def __init__(self) -> None:
        self.url = ""
        self.frames: list[Frame] = []
        self.speaks: Speaks = nothing
        self.headers: dict[str, str] = {}
        self.socket = web.WebSocketResponse()
        self.closed = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        self.headers = dict(request.headers)
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                self.frames.append(json.loads(message.data))
                await self.speaks(self, self.frames[-1])
        self.closed.set()
        return self.socket

    async def say(self, event: str, **told: Any) -> None:
        sid = self.gets("start")[0]["streamSid"]
        await self.socket.send_json({"event": event, "streamSid": sid, **told})

    async def play(self, samples: Samples) -> None:
        await self.say("media", media={"payload": b64encode(mulaw.encoded(samples)).decode()})

    def gets(self, event: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["event"] == event]

    async def until(self, event: str, count: int = 1, within: float = 15) -> list[Frame]:
        async with asyncio.timeout(within):
            while len(self.gets(event)) < count:
                await asyncio.sleep(0.01)
        return self.gets(event)

    def heard(self, track: str = "inbound") -> Samples:
        media = [frame["media"] for frame in self.gets("media") if frame["media"]["track"] == track]
        return mulaw.decoded(b"".join(b64decode(one["payload"]) for one in media))


@asynccontextmanager
async def speech_app() -> AsyncIterator[Speech]:
    speech = Speech()
    app = web.Application()
    app.router.add_get("/speech", speech.serve)
    async with TestServer(app) as server:
        speech.url = str(server.make_url("/speech")).replace("http", "ws")
        yield speech
        if speech.headers:  # a server waits for its sockets
            await speech.socket.close()


def tone(hertz: float, seconds: float) -> Samples:
    at = np.arange(int(RATE * seconds)) / RATE
    return (8000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def connect(url: str, inside: str = "", **attributes: str) -> str:
    words = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<Connect><Stream url="{url}"{words}>{inside}</Stream></Connect><Say language="en-US">After.</Say>'
    )


async def said(call: Any, text: str) -> None:
    async with asyncio.timeout(15):
        while text not in [word["text"] for word in call.words]:
            await asyncio.sleep(0.02)


async def asked(world: World, path: str, count: int) -> list[dict[str, str]]:
    async with asyncio.timeout(15):
        while len(world.app.requests(path)) < count:
            await asyncio.sleep(0.02)
    return world.app.requests(path)


async def test_the_app_hears_the_caller_and_the_caller_hears_the_app(world: World) -> None:
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url, '<Parameter name="desk" value="7"/>'), 440)
        (start,) = await speech.until("start")
        assert start["start"]["customParameters"] == {"desk": "7"}
        await speech.play(tone(1200, 3))
        await call.hears(1200)
        await speech.until("media", 100)
        assert share(speech.heard()[-RATE // 2 :], 440) > 0.5
        assert share(speech.heard()[-RATE // 2 :], 1200) < 0.05
        await call.hang_up()
        await speech.until("stop")
        await speech.closed.wait()


async def test_when_the_app_closes_its_socket_the_document_goes_on(world: World) -> None:
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url))
        await speech.until("start")
        await speech.socket.close()
        await said(call, "After.")


async def test_the_action_is_asked_when_the_stream_is_over(world: World) -> None:
    world.app.on("/after", "<Hangup/>")
    async with speech_app() as speech:
        await world.caller(f'<Connect action="/after"><Stream url="{speech.url}"/></Connect>')
        await speech.until("start")
        await speech.socket.close()
        assert (await asked(world, "/after", 1))[0]["CallStatus"] == "in-progress"


async def test_keys_reach_the_app(world: World) -> None:
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url))
        await speech.until("start")
        await call.press("5#")
        assert [one["dtmf"]["digit"] for one in await speech.until("dtmf", 2)] == ["5", "#"]


async def test_a_mark_comes_back_when_what_was_sent_before_it_has_been_heard(world: World) -> None:
    async with speech_app() as speech:
        await world.caller(connect(speech.url))
        await speech.until("start")
        began = asyncio.get_running_loop().time()
        await speech.say("mark", mark={"name": "at once"})
        await speech.play(tone(1200, 1))
        await speech.say("mark", mark={"name": "a second"})
        await speech.until("mark")
        assert asyncio.get_running_loop().time() - began < 0.5
        marks = await speech.until("mark", 2)
        assert asyncio.get_running_loop().time() - began > 0.9
        assert [one["mark"]["name"] for one in marks] == ["at once", "a second"]


async def test_clear_stops_what_is_heard_and_sends_the_marks_back(world: World) -> None:
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url))
        await speech.until("start")
        await speech.play(tone(1200, 30))
        await speech.say("mark", mark={"name": "never reached"})
        await call.hears(1200)
        await speech.say("clear")
        await speech.until("mark", within=2)
        async with asyncio.timeout(3):
            while share(call.last(0.3), 1200) > 0.05:
                await asyncio.sleep(0.05)


async def test_the_callback_is_told_when_it_starts_and_stops(world: World) -> None:
    world.app.on("/stream", "")
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url, name="mine", statusCallback="/stream"))
        (start,) = await speech.until("start")
        await call.hang_up()
        told = await asked(world, "/stream", 2)
    assert [one["StreamEvent"] for one in told] == ["stream-started", "stream-stopped"]
    assert {one["StreamSid"] for one in told} == {start["streamSid"]}
    assert told[0]["StreamName"] == "mine"
    assert told[0]["Timestamp"].endswith("Z")


async def answers_500(request: web.Request) -> web.Response:
    return web.Response(status=500)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ws://127.0.0.1:9/", 31902),
        ("{app}/nowhere", 31920),
        ("{app}/broken", 31920),
        ("ftp://127.0.0.1/", 31922),
        ("ws://[half/", 31923),
    ],
)
async def test_where_the_socket_cannot_be_reached_the_call_goes_on(world: World, url: str, code: int) -> None:
    world.app.on("/stream", "")
    world.app.on("/broken", answers_500)
    url = url.format(app=world.app.url.replace("http", "ws"))
    call = await world.caller(connect(url, statusCallback="/stream"))
    await said(call, "After.")
    assert [alert.error_code for alert in world.exchange.alerts] == [code]
    (told,) = await asked(world, "/stream", 1)
    assert told["StreamEvent"] == "stream-error"
    assert str(code) in told["StreamError"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("not json", 31951),
        ("[]", 31951),
        ('{"event": "media"}', 31951),
        ('{"event": "media", "streamSid": "MZ0", "media": {"payload": ""}}', 31951),
        ('{"event": "dance", "streamSid": "SID"}', 31951),
        ('{"event": "media", "streamSid": "SID", "media": {"payload": "not base64"}}', 31951),
        ('{"event": "media", "streamSid": "SID", "media": {"payload": 7}}', 31951),
        (b"\x00", 31950),
    ],
)
async def test_what_is_no_message_is_warned_of_once_and_the_stream_goes_on(
    world: World, message: str | bytes, code: int
) -> None:
    async with speech_app() as speech:
        await world.caller(connect(speech.url))
        (start,) = await speech.until("start")
        for _ in range(2):
            if isinstance(message, bytes):
                await speech.socket.send_bytes(message)
            else:
                await speech.socket.send_str(message.replace("SID", start["streamSid"]))
        await speech.say("mark", mark={"name": "still here"})
        await speech.until("mark")
        assert [(one.error_code, one.level) for one in world.exchange.alerts] == [(code, "warning")]


async def test_within_connect_only_the_inbound_track(world: World) -> None:
    call = await world.caller(connect("ws://127.0.0.1:9/", track="both_tracks"))
    await said(call, "After.")
    assert [alert.error_code for alert in world.exchange.alerts] == [31941]


async def test_a_stream_that_only_listens_runs_beside_the_document(world: World) -> None:
    async with speech_app() as speech:
        stream = f'<Stream url="{speech.url}" name="mine" track="both_tracks"/>'
        document = f'<Start>{stream}</Start><Play>{world.app.url}/tone.wav</Play><Pause length="60"/>'
        world.app.on("/tone.wav", wav(tone(1200, 3)))
        call = await world.caller(document, 440)
        await call.hears(1200)
        await speech.until("media", 150)
        assert share(speech.heard()[-RATE // 2 :], 440) > 0.5
        assert share(speech.heard("outbound")[-RATE // 2 :], 1200) > 0.5
        await speech.say("clear")
        await call.hang_up()
        await speech.until("stop")
        assert [alert.error_code for alert in world.exchange.alerts] == [31951]  # nobody speaks on it


def wav(samples: Samples) -> Callable[[web.Request], Awaitable[web.Response]]:
    import wave
    from io import BytesIO

    body = BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body.getvalue(), content_type="audio/x-wav")

    return answer


async def test_stop_ends_a_stream_by_its_name(world: World) -> None:
    async with speech_app() as speech:
        stream = f'<Start><Stream url="{speech.url}" name="mine"/></Start><Pause length="1"/>'
        stop = '<Stop><Stream name="mine"/></Stop><Stop><Stream name="other"/></Stop>'
        await world.caller(f'{stream}{stop}<Pause length="60"/>')
        await speech.until("stop")
        await speech.closed.wait()
        assert world.exchange.legs
        assert [alert.error_code for alert in world.exchange.alerts] == [12200]  # there is no "other"


async def test_a_telephone_without_a_voice_can_be_streamed_too(world: World) -> None:
    """It says silence, and its keys and the app's marks work."""
    async with speech_app() as speech:
        world.app.on("/voice", connect(speech.url, name="engine"))
        line = await Phone(world.exchange).dial(NUMBER, "+8643188880001")
        await speech.until("media", 5)
        assert not speech.heard().any()
        await speech.play(tone(1200, 0.5))
        await speech.say("mark", mark={"name": "said"})
        await line.hears("engine")
        await speech.until("mark")
        await line.press("1")
        await speech.until("dtmf")
        await line.hang_up()
        await speech.until("stop")


def slowly(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the app take that long over each frame after the first ones."""
    send = ClientWebSocketResponse.send_str

    async def send_slowly(socket: ClientWebSocketResponse, text: str) -> None:
        if '"media"' in text:
            await asyncio.sleep(seconds)
        await send(socket, text)

    monkeypatch.setattr(ClientWebSocketResponse, "send_str", send_slowly)


async def test_the_last_that_a_slow_app_is_told_is_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, 0.1)
    await world.caller("<Enqueue>people</Enqueue>")  # sound goes on when the other has left
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url))
        await speech.until("media", 5)
        await call.hang_up()
        await speech.closed.wait()
    assert speech.frames[-1]["event"] == "stop"
    numbered = [int(frame["sequenceNumber"]) for frame in speech.frames[1:]]
    assert numbered == list(range(1, len(numbered) + 1))


async def test_an_app_that_takes_nothing_more_is_left_and_the_document_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, 600)
    monkeypatch.setattr(streaming, "STUCK", 0.3)
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url))
        await said(call, "After.")
        assert not world.mixer.pipes


async def test_a_call_that_ends_while_the_socket_is_being_opened_streams_nothing(world: World) -> None:
    async with speech_app() as speech:
        go_on, serve = asyncio.Event(), speech.serve

        async def late(request: web.Request) -> web.StreamResponse:
            await go_on.wait()
            return await serve(request)

        world.app.on("/late", late)
        call = await world.caller(connect(world.app.url.replace("http", "ws") + "/late"))
        await asked(world, "/late", 1)
        await call.hang_up()
        await call.gets("hangup")
        go_on.set()
        await speech.closed.wait()
        assert speech.frames == []


async def test_the_socket_is_asked_for_with_a_signature(world: World) -> None:
    async with speech_app() as speech:
        await world.caller(connect(speech.url))
        await speech.until("start")
        signature = speech.headers["X-Twilio-Signature"]
        assert RequestValidator(ACCOUNT.token).compute_signature(speech.url, {}) == signature
        noted = world.exchange.trail.since(0)[-1]
        assert (noted.url, noted.status) == (speech.url, 101)


def shape(frame: Frame) -> dict[str, Any]:
    """The keys of a frame and the kinds of their values."""
    return {key: shape(one) if isinstance(one, dict) else type(one) for key, one in frame.items()}


async def test_frames_are_those_of_the_simulator_that_others_test_their_apps_with(world: World) -> None:
    """streamdouble was written from Twilio's documentation by somebody else."""
    async with speech_app() as speech:
        call = await world.caller(connect(speech.url))
        await speech.until("start")
        await call.press("5")
        await speech.say("mark", mark={"name": "m"})
        await speech.until("mark")
        await speech.until("dtmf")
        await speech.until("media", 20)
        await call.hang_up()
        (stop,) = await speech.until("stop")
    who = protocol.StreamIdentity(stop["streamSid"], ACCOUNT.sid, stop["stop"]["callSid"])
    told = {
        "connected": protocol.build_connected(),
        "start": protocol.build_start(who, 1),
        "media": protocol.build_media(who, 2, 1, 0, b""),
        "dtmf": protocol.build_dtmf(who, 3, "5"),
        "mark": protocol.build_mark(who, 4, "m"),
        "stop": protocol.build_stop(who, 5),
    }
    for frame in speech.frames:
        assert shape(frame) == shape(told[frame["event"]])
    assert speech.gets("start")[0] == told["start"]
    numbered = [int(frame["sequenceNumber"]) for frame in speech.frames[1:]]
    assert numbered == list(range(1, len(numbered) + 1))
    media = [frame["media"] for frame in speech.gets("media")]
    assert [int(one["chunk"]) for one in media] == list(range(1, len(media) + 1))
    assert [int(one["timestamp"]) for one in media] == [20 * count for count in range(len(media))]
    assert {len(b64decode(one["payload"])) for one in media} == {160}


async def test_the_app_of_these_stories_satisfies_the_simulator_as_well(world: World) -> None:
    async def echo(speech: Speech, frame: Frame) -> None:
        if frame["event"] == "media":
            await speech.say("media", media={"payload": frame["media"]["payload"]})

    async with speech_app() as speech:
        speech.speaks = echo
        frames = [mulaw.encoded(tone(440, 1))[at : at + 160] for at in range(0, RATE, 160)]
        report = await streamdouble.call(speech.url, frames=frames)
    assert report.violations == []
    assert report.spoke


def test_mu_law_is_that_of_the_recommendation() -> None:
    every = np.arange(-32768, 32768).astype(np.int16)
    assert mulaw.encoded(every) == g711.encode(every)
    assert (mulaw.decoded(bytes(range(256))) == g711.decode(bytes(range(256)))).all()
    assert mulaw.encoded(np.zeros(2, np.int16)) == mulaw.SILENCE * 2
