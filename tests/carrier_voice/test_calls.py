"""Calls with a voice: what a browser at one end hears of what happens at the other."""

import asyncio
import time
import wave
from urllib.parse import parse_qs

import av
import numpy as np
import pytest

from carrier import mp3
from carrier.media import tones
from carrier.model import Taping
from carrier.speech.pcm import Samples
from carrier.voice import signalling
from tests.carrier_voice.browser import RATE, share
from tests.carrier_voice.conftest import NUMBER, World

CONFERENCE = '<Dial><Conference beep="false" waitUrl="" {}>talk</Conference></Dial>'


def loud(samples: Samples) -> bool:
    return bool(abs(samples.astype(int)).max(initial=0) > 500)


async def hears_something(browser, within: float = 20) -> None:
    async with asyncio.timeout(within):
        while not loud(browser.last(0.2)):
            await asyncio.sleep(0.05)


async def test_a_caller_hears_the_prompt_and_reads_it_and_a_key_goes_on(world: World) -> None:
    world.app.on("/key", '<Say language="zh-CN">谢谢</Say><Hangup/>')
    prompt = "Press one to go on. Press two to go back. Press three to stay where you are."
    call = await world.caller(
        f'<Gather numDigits="1" action="/key"><Say language="en-US">{prompt}</Say></Gather>'
    )
    await hears_something(call)
    assert [word["text"] for word in call.words] == [prompt]
    await call.press("1")
    await call.gets("hangup")
    assert world.app.requests("/key")[0]["Digits"] == "1"
    assert call.words[-1] == {"text": "谢谢", "language": "zh-CN", "kind": "say"}


async def test_a_browser_is_told_the_parameters_of_its_client(world: World) -> None:
    browser = await world.seat("kim")
    document = '<Client><Identity>kim</Identity><Parameter name="case" value="长 7&amp;8"/></Client>'
    call = await world.caller(f"<Dial>{document}</Dial>")
    told = (await browser.gets("invite"))["parameters"]["Params"]
    assert parse_qs(told) == {"case": ["长 7&8"]}
    await call.hang_up()


async def test_a_browser_whose_token_names_an_application_calls_that(world: World) -> None:
    world.app.on("/browsers", '<Say language="en-US">Who do you want to talk to?</Say><Pause length="5"/>')
    world.exchange.add_application("AP" + "0" * 32, voice_url=world.app.url + "/browsers")
    browser = await world.browser()
    await browser.call(world.token("kim"), "client:pak", Desk="7", CallStatus="mine", From="+8610")
    await hears_something(browser)
    (asked,) = world.app.requests("/browsers")
    assert (asked["From"], asked["To"], asked["Direction"]) == ("client:kim", "client:pak", "inbound")
    assert (asked["Desk"], asked["CallStatus"]) == ("7", "ringing")
    assert asked["ApplicationSid"] == "AP" + "0" * 32
    await browser.hang_up()


async def test_a_key_stops_the_prompt_at_once(world: World) -> None:
    world.app.on("/key", '<Pause length="3"/>')
    call = await world.caller(
        '<Gather numDigits="1" action="/key"><Say language="en-US">'
        + "A long text. " * 20
        + "</Say></Gather>"
    )
    await hears_something(call)
    await call.press("1")
    async with asyncio.timeout(5):
        while loud(call.last(0.5)):
            await asyncio.sleep(0.05)


async def test_noise_does_not_lengthen_the_wait_for_a_key(world: World) -> None:
    call = await world.caller('<Gather timeout="1"><Say>Press a key.</Say></Gather><Say>None.</Say>', 440)
    async with asyncio.timeout(15):
        while "None." not in [word["text"] for word in call.words]:
            await asyncio.sleep(0.05)


async def test_two_hear_each_other_and_not_themselves(world: World) -> None:
    first = await world.caller(CONFERENCE.format(""), 440)
    second = await world.caller(CONFERENCE.format(""), 1200)
    await first.hears(1200)
    await second.hears(440)
    assert share(first.last(0.5), 440) < 0.05
    assert share(second.last(0.5), 1200) < 0.05


async def test_a_machine_that_was_too_slow_says_so_and_the_talk_lags_no_longer(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    first = await world.caller(CONFERENCE.format(""), 440)
    await world.caller(CONFERENCE.format(""), 1200)
    await first.hears(1200)
    line = world.mixer.line(next(iter(world.exchange.legs.values())))
    time.sleep(1)  # nothing runs meanwhile
    async with asyncio.timeout(8):  # by itself it takes longer
        while line.lag < 0.1:  # what has come meanwhile
            await asyncio.sleep(0.01)
        while line.lag > 0.1 or not world.mixer.underruns:
            await asyncio.sleep(0.01)
    assert "too slow" in caplog.text
    await first.hears(1200)


async def test_on_hold_a_caller_hears_music_and_the_other_silence(world: World) -> None:
    first = await world.caller(CONFERENCE.format('participantLabel="first"'), 440)
    second = await world.caller(CONFERENCE.format('participantLabel="second"'), 1200)
    await first.hears(1200)
    world.exchange.update_participant("talk", "first", hold=True)
    await hears_music(first)
    async with asyncio.timeout(5):
        while loud(second.last(0.5)):
            await asyncio.sleep(0.05)
    world.exchange.update_participant("talk", "first", hold=False)
    await first.hears(1200)
    await second.hears(440)


async def hears_music(browser) -> None:
    """The carrier's own phrase: a note of it, and no voice."""
    async with asyncio.timeout(10):
        while share(browser.last(0.4), 261.63 * 2) < 0.4:  # its first note
            await asyncio.sleep(0.05)


async def test_a_seat_rings_and_talks(world: World) -> None:
    kim = await world.seat("kim", 1200)
    call = await world.caller("<Dial><Client>kim</Client></Dial>", 440)
    await kim.accept()
    await kim.hears(440)
    await call.hears(1200)
    assert share(kim.last(0.5), 1200) < 0.05
    await call.hang_up()
    await kim.gets("hangup")


async def test_of_browsers_whose_identity_is_a_number_the_last_that_came_rings_there(world: World) -> None:
    home = "+8643188880001"
    first, last = await world.seat(home), await world.seat(home)

    def called() -> None:
        world.exchange.create_call(to="+86 431 8888 0001", from_=NUMBER, twiml="<Pause length='60'/>")

    called()
    await last.gets("invite")
    await last.close()
    async with asyncio.timeout(20):
        while len(world.exchange.telephones[home]) == 2:
            await asyncio.sleep(0.01)
    assert "invite" not in [frame["type"] for frame in first.told]
    called()
    await first.gets("invite")


async def test_what_a_browser_writes_is_spoken_to_the_other_side_and_shown_there(world: World) -> None:
    kim = await world.seat("kim")
    call = await world.caller("<Dial><Client>kim</Client></Dial>", 440)
    await kim.accept()
    await kim.hears(440)
    for written in ({"text": ""}, {"text": 7}, "text", None):  # nothing that could be spoken
        await kim.say("message", callsid=kim.sid, content=written)
    await kim.say("message", callsid=kim.sid, content={"text": "Which street is it in?"})
    async with asyncio.timeout(20):
        while {"text": "Which street is it in?", "language": "", "kind": "voice"} not in call.words:
            await asyncio.sleep(0.05)
    await hears_something(call)
    assert [word["text"] for word in call.words if word["kind"] == "voice"] == ["Which street is it in?"]


async def test_a_seat_that_is_not_answered_stops_ringing_when_the_caller_leaves(world: World) -> None:
    kim = await world.seat("kim")
    call = await world.caller("<Dial><Client>kim</Client></Dial>")
    await kim.gets("invite")
    await call.hang_up()
    await kim.gets("cancel")


async def test_a_seat_may_refuse(world: World) -> None:
    world.app.on("/after", "<Hangup/>")
    kim = await world.seat("kim")
    call = await world.caller('<Dial action="/after"><Client>kim</Client></Dial>')
    invited = await kim.gets("invite")
    await kim.say("reject", callsid=invited["callsid"])
    await call.gets("hangup")
    assert world.app.requests("/after")[0]["DialCallStatus"] == "busy"


async def test_ringing_is_heard_again_and_again_until_somebody_answers(world: World) -> None:
    kim = await world.seat("kim", 1200)
    call = await world.caller("<Dial><Client>kim</Client></Dial>")
    for _ in range(2):
        await call.hears(450)
        async with asyncio.timeout(10):
            while loud(call.last(0.5)):
                await asyncio.sleep(0.05)
    await call.hears(450)
    await kim.accept()
    await call.hears(1200)
    assert [word["text"] for word in call.words] == ["ringing"]


async def test_a_sound_of_the_apps_is_heard(world: World) -> None:
    world.app.on("/tone.wav", wav(700))
    call = await world.caller("<Play>/tone.wav</Play>")
    await call.hears(700)


def wav(hertz: int):
    from io import BytesIO

    from aiohttp import web

    body = BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        at = np.arange(16000 * 6) / 16000
        mono = (9000 * np.sin(2 * np.pi * hertz * at)).astype("<i2")
        file.writeframes(np.repeat(mono, 2).tobytes())

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body.getvalue(), content_type="audio/x-wav")

    return answer


def recorded(world: World) -> tuple[Samples, int]:
    """The sound of the one recording, and its channels."""
    (recording,) = world.exchange.recordings.values()
    with wave.open(str(recording.path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return sound.reshape(-1, file.getnchannels()), file.getnchannels()


async def test_a_message_is_recorded_as_it_was_spoken_without_the_silence_after_it(world: World) -> None:
    world.app.on("/recorded", "<Hangup/>")
    call = await world.caller('<Record action="/recorded" timeout="2" playBeep="false"/>', 440)
    await asyncio.sleep(2)
    call.mute()
    await call.gets("hangup")
    sound, channels = recorded(world)
    assert channels == 1
    assert share(sound[:, 0], 440) > 0.9
    told = world.app.requests("/recorded")[0]
    assert int(told["RecordingDuration"]) == -(-len(sound) // RATE)
    assert len(sound) / RATE < 3.5


async def test_the_beep_before_a_message_is_heard_and_the_silence_kept_where_the_app_wants_it(
    world: World,
) -> None:
    world.app.on("/recorded", "<Hangup/>")
    call = await world.caller('<Record action="/recorded" timeout="2" trim="do-not-trim"/>', 440)
    await call.hears(1000)
    await asyncio.sleep(1)
    call.mute()
    await call.gets("hangup")
    sound, _ = recorded(world)
    assert len(sound) / RATE > 1 + 2
    assert not loud(sound[-RATE:, 0])
    assert share(sound[RATE // 2 : RATE, 0], 440) > 0.9


async def test_a_call_recorded_in_two_channels_keeps_the_voices_apart(world: World) -> None:
    call = await world.caller(CONFERENCE.format(""), 440)
    other = await world.caller(CONFERENCE.format(""), 1200)
    await call.hears(1200)
    exchange, sid = world.exchange, next(iter(world.exchange.calls))
    recording = exchange.start_recording(sid, Taping(channels=2))
    await asyncio.sleep(1)
    exchange.change_recording(sid, recording.sid, "paused", "silence")
    await asyncio.sleep(1)
    exchange.change_recording(sid, recording.sid, "stopped")
    sound, channels = recorded(world)
    assert channels == 2
    assert share(sound[: RATE // 2, 0], 440) > 0.9
    assert share(sound[: RATE // 2, 1], 1200) > 0.9
    assert not sound[-RATE // 2 :].any()
    with av.open(str(mp3.made(recording.path))) as small:
        assert small.streams.audio[0].channels == 2
        assert abs(small.duration / 1_000_000 - len(sound) / RATE) < 0.3
    await other.hang_up()


@pytest.mark.parametrize(("track", "hertz"), [("inbound", 440), ("outbound", 1200)])
async def test_one_side_of_a_call_can_be_recorded_alone_and_what_is_skipped_is_not_there(
    world: World, track: str, hertz: int
) -> None:
    call = await world.caller(CONFERENCE.format(""), 440)
    other = await world.caller(CONFERENCE.format(""), 1200)
    await call.hears(1200)
    exchange, sid = world.exchange, next(iter(world.exchange.calls))
    recording = exchange.start_recording(sid, Taping(track=track))
    exchange.change_recording(sid, recording.sid, "paused", "skip")
    await asyncio.sleep(1)
    exchange.change_recording(sid, recording.sid, "in-progress")
    await asyncio.sleep(0.6)
    await call.hang_up()
    async with asyncio.timeout(10):
        while recording.goes_on:
            await asyncio.sleep(0.02)
    sound, channels = recorded(world)
    assert channels == 1
    assert share(sound[:, 0], hertz) > 0.9
    assert len(sound) / RATE < 1.2
    await other.hang_up()


async def test_a_recorded_conference_holds_everybody(world: World) -> None:
    call = await world.caller(CONFERENCE.format('record="record-from-start"'), 440)
    other = await world.caller(CONFERENCE.format('record="record-from-start"'), 1200)
    await call.hears(1200)
    await asyncio.sleep(0.5)
    await call.hang_up()
    await other.hang_up()
    await other.gets("hangup")
    sound, _ = recorded(world)
    assert share(sound[:, 0], 440) > 0.3
    assert share(sound[:, 0], 1200) > 0.3


def test_keys_have_their_two_tones() -> None:
    five = tones.tone("5")
    assert share(five, 770) > 0.3
    assert share(five, 1336) > 0.3
    assert len(tones.tone("nonsense")) == 0
    assert len(tones.music()) > RATE * 5


async def test_a_browser_that_is_told_nothing_for_long_knows_that_the_carrier_is_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twilio's SDK takes a carrier that was silent for 15 seconds for dead, and ends the call."""
    monkeypatch.setattr(signalling, "HEARTBEAT", 0.1)
    kim = await world.seat("kim")
    async with asyncio.timeout(10):
        while kim.alive < 3:
            await asyncio.sleep(0.05)
    assert [frame["type"] for frame in kim.told] == ["connected", "ready"]  # its own signs are no frames
