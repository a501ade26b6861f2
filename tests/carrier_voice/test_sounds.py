"""The sounds that an app names, and the words that are spoken: fetched once, kept, and in no one's way."""

import asyncio
import threading
from pathlib import Path

import pytest
from aiohttp import web

from carrier.media import audible, silent
from carrier.model import Request
from carrier.speech.engine import CannotSpeak
from carrier.speech.pcm import Pcm
from carrier.speech.spoken import Speech
from tests.carrier.conftest import Handler, sound
from tests.carrier_voice.conftest import World
from tests.carrier_voice.test_calls import hears_something, wav

WAITS = "<Say>Hello there.</Say><Enqueue>people</Enqueue>"


async def test_a_large_sound_is_asked_for_once_with_the_calls_signature(world: World) -> None:
    world.app.on("/tone.wav", wav(700))  # much more than 64 kB
    call = await world.caller("<Play>/tone.wav</Play>")
    await call.hears(700)
    (asked,) = [one for one in world.app.asked if one.path == "/tone.wav"]
    assert asked.headers["X-Twilio-Signature"]


async def test_a_sound_that_cannot_be_read_is_said_so_and_the_document_goes_on(world: World) -> None:
    async def broken(_request: web.Request) -> web.Response:
        return web.Response(body=b"no sound at all", content_type="audio/mpeg")

    world.app.on("/broken.mp3", broken)
    world.app.on("/tone.wav", wav(700))
    call = await world.caller("<Play>/broken.mp3</Play><Play>/tone.wav</Play>")
    await call.hears(700)
    assert [alert.error_code for alert in world.exchange.alerts] == [12300]


async def test_sounds_are_kept_as_their_age_allows_and_no_more_than_fit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silent, "MOST_KEPT_BYTES", 2 * 2 * 8000 * 2)  # two of these
    kept: Handler = sound(2, **{"Cache-Control": "max-age=600"})
    await hears_something(await world.caller(WAITS))
    (leg,) = world.exchange.legs.values()
    for name in ("a", "b", "b", "c", "c", "b", "a"):
        world.app.on(f"/{name}.wav", kept)
        await world.exchange.medium.fetch(leg, Request(f"{world.app.url}/{name}.wav", "GET"))
    asked = [one.path for one in world.app.asked if one.path.endswith(".wav")]
    assert asked == ["/a.wav", "/b.wav", "/c.wav", "/a.wav"]


class Slow:
    """An engine that speaks when it may."""

    name = "slow"

    def __init__(self) -> None:
        self.may = threading.Event()

    def say(self, text: str, language: str) -> Pcm:
        self.may.wait(60)
        raise CannotSpeak("it was only slow")

    def close(self) -> None:
        self.may.set()


async def test_while_much_is_slow_to_be_spoken_or_read_the_others_hear_what_they_hear(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await world.caller(WAITS)
    await hears_something(call)
    (leg,) = world.exchange.legs.values()
    world.app.on("/tone.wav", wav(700))
    engine = Slow()
    monkeypatch.setattr(audible, "decoded", lambda _body: engine.say("", ""))
    speech = Speech({"en": engine}, tmp_path)
    slow, tone = (
        audible.Audible(world.exchange, world.mixer, speech),
        Request(world.app.url + "/tone.wav", "GET"),
    )
    busy = [world.exchange.spawn(slow.say(leg, f"Text {count}", "en")) for count in range(20)]
    busy += [world.exchange.spawn(slow.fetch(leg, tone)) for _ in range(20)]
    try:
        await asyncio.sleep(0.5)
        call.heard = call.heard[:0]
        await hears_something(call, within=10)
    finally:
        for one in busy:
            one.cancel()
        speech.close()
