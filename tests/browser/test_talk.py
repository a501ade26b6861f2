"""A caller in one browser and an agent in another: what each hears, by the real pages."""

import base64
import io
import re
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from carrier.media import tones
from carrier.speech.pcm import Samples
from carrier.speech.spoken import Speech
from carrier.speech.voices import engines
from settings.secrets import read_secrets
from tests.browser.conftest import listens
from tests.browser.likeness import RATE, Sound, at_telephone_rate, likeness
from tests.carrier_voice.browser import share
from tests.processes.city import NUMBER, City
from tickets.find import latest
from web import seat_token
from web.music import music

CALLER, AGENT = 720, 1500  # hertz, neither of them a note of the music
GREETING = "您好，长春市市长公开电话。"
PATIENT = 60_000  # milliseconds: a busy machine takes its time


def page(browser: Browser, locale: str = "en-US") -> Page:
    opened = browser.new_context(locale=locale).new_page()
    opened.set_default_timeout(PATIENT)
    listens(opened)
    return opened


def becomes(page: Page, what: str) -> None:
    """Wait until this is true in the page, whose own policy lets nobody evaluate text in it."""
    for _ in range(PATIENT // 100):
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never was {what}; the page shows: {page.locator('main').inner_text()}")


def hears(page: Page, hertz: float) -> None:
    becomes(page, f"hears({hertz}) > 0.5")


def says(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words, timeout=PATIENT)


def status(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_have_text(words, timeout=PATIENT)


@pytest.mark.processes
@pytest.mark.timeout(600)
def test_a_caller_and_an_agent_talk(city: City, chromium: Callable[..., Browser], tmp_path: Path) -> None:
    agent = page(chromium(AGENT))
    agent.goto(seat(city))
    status(agent, "Ready")
    agent.get_by_role("button", name="Pause").click()
    status(agent, "Paused")
    agent.reload()
    status(agent, "Paused")  # no break ends with that

    # the caller hears the greeting, and no other prompt in its place
    caller = page(chromium(CALLER))
    caller.goto(f"{city.web}/phone")
    caller.get_by_role("button", name="Call", exact=True).click()
    status(caller, "Connected.")
    says(caller, GREETING)
    becomes(caller, "loudness() > 0.02")
    says(caller, "For English press 2.")
    greeting, another = spoken(tmp_path, GREETING, "对不起，现在是下班时间。")
    listened = heard(caller, 20)
    assert likeness(greeting, listened) > 0.8
    assert likeness(another, listened) < 0.7

    # presses a key, waits with music, and the agent rings
    caller.keyboard.press("5")
    says(caller, "Здравствуйте")  # the Russian menu, by day or by night
    caller.keyboard.press("0")
    plays(caller, wave_of(music()))
    expect(agent.get_by_role("button", name="Accept")).to_be_disabled()
    agent.get_by_role("button", name="Be ready").click()
    status(agent, "It rings")
    expect(agent).to_have_title(re.compile("^☎"), timeout=PATIENT)
    expect(agent.locator("#talk")).to_contain_text("Russian")
    expect(agent.locator("#talk")).not_to_contain_text("88880001")
    agent.get_by_role("button", name="Accept").click()
    status(agent, "Talking")
    expect(agent.get_by_role("button", name="Hang up")).to_be_focused()

    # each hears the other and not itself
    hears(agent, CALLER)
    hears(caller, AGENT)
    assert agent.evaluate(f"hears({AGENT})") < 0.1
    assert caller.evaluate(f"hears({CALLER})") < 0.1
    agent.wait_for_timeout(3000)  # there is something to record

    # who is on hold hears music, who holds hears nothing
    agent.get_by_role("button", name="Hold").click()
    becomes(caller, f"loudness() > 0.01 && hears({AGENT}) < 0.1")
    plays(caller, tones.music().astype(np.float64))
    becomes(agent, "loudness() < 0.001")
    agent.get_by_role("button", name="Take back").click()
    hears(caller, AGENT)

    agent.get_by_role("button", name="Mute").click()
    becomes(caller, "loudness() < 0.001")

    # hanging up ends both, and what was muted is not so in the next call
    began = time.monotonic()
    caller.get_by_role("button", name="Hang up").click()
    status(caller, "The call is over.")
    status(agent, "Writing up")
    took = time.monotonic() - began
    print(f"hanging up ended both sides within {took:.2f} s")
    assert took < 5
    expect(agent.locator("#mute")).to_have_text("Mute")

    said, told = recorded(city)
    assert share(said, CALLER) > 0.5
    assert share(said, AGENT) < 0.05
    seconds = np.array_split(told, len(told) // RATE)
    assert max(share(second, AGENT) for second in seconds) > 0.5  # others are the music of the hold
    assert share(told, CALLER) < 0.05
    plays_the_recording(city, agent)


def seat(city: City, how: str = "") -> str:
    """The address of an agent's seat."""
    return f"{city.web}/seat{how}#agent-01/{seat_token.issue(read_secrets(city.environ).key, 'agent-01')}"


def spoken(folder: Path, *texts: str) -> list[Sound]:
    """Chinese prompts, as the carrier speaks them."""
    speech = Speech(engines(), folder)
    try:
        return [speech.say(text, "zh-CN").samples.astype(np.float64) for text in texts]
    finally:
        speech.close()


def heard(page: Page, seconds: int) -> Sound:
    """What the page has heard last, in 8 kHz."""
    told = np.frombuffer(base64.b64decode(page.evaluate(f"heard({seconds})")), np.int16)
    return at_telephone_rate(told.astype(np.float64), page.evaluate("rate()"))


def plays(page: Page, music: Sound) -> None:
    """Wait until the page hears the whole of four notes of this."""
    for _ in range(PATIENT // 1000):
        page.wait_for_timeout(1000)
        if likeness(heard(page, 3), np.concatenate((music, music[: 4 * RATE]))) > 0.9:
            return
    raise AssertionError(f"never heard that music; the page shows: {page.locator('main').inner_text()}")


def wave_of(sound: bytes) -> Sound:
    with wave.open(io.BytesIO(sound)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float64)


def recorded(city: City) -> tuple[Samples, Samples]:
    """What the caller said and what the caller heard, from the recording on the disk."""
    [path] = (city.folder / "var").rglob("RE*.wav")
    with wave.open(str(path)) as file:
        assert file.getnchannels() == 2
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return sound[:, 0], sound[:, 1]


def plays_the_recording(city: City, page: Page) -> None:
    """The link that the command prints plays, also from the middle on."""
    store = city.store()
    with store.reading() as tx:
        [ticket] = latest(tx, 1)
    store.dispose()
    told = subprocess.run(
        [sys.executable, "-m", "app", "tickets", ticket.number, "--play"],
        env=city.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    page.goto(told.stdout.strip())
    expect(page.locator("main")).to_contain_text(ticket.number)
    page.evaluate("document.querySelector('audio').play()")
    becomes(page, "document.querySelector('audio').currentTime > 0.5")
    length = page.evaluate("document.querySelector('audio').duration")
    assert length > 3
    page.evaluate(f"document.querySelector('audio').currentTime = {length / 2}")
    becomes(page, "document.querySelector('audio').ended")
    page.route("**/recordings/sound/**", lambda route: route.fulfill(status=502))
    page.reload()
    page.evaluate("document.querySelector('audio').play().catch(() => {})")
    expect(page.get_by_role("alert")).to_contain_text("could not be fetched")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("without", ["", "delete globalThis.RTCPeerConnection"])
def test_by_text_both_sides_write_and_read(city: City, still: Browser, without: str) -> None:
    agent, caller = page(still), page(still)
    caller.add_init_script(without)
    agent.goto(seat(city, "?softphone=fake"))
    status(agent, "Ready")
    caller.goto(f"{city.web}/phone" + ("" if without else "?softphone=fake"))
    expect(caller.get_by_text("telephone by text: it needs no microphone")).to_be_visible()
    expect(caller.get_by_text("it has no WebRTC")).to_be_visible(visible=bool(without))
    caller.get_by_role("button", name="Call", exact=True).click()
    says(caller, "For English press 2.")
    caller.keyboard.press("5")
    says(caller, "Здравствуйте")
    caller.keyboard.press("0")
    status(agent, "It rings")
    expect(agent.get_by_role("button", name="Accept")).to_be_enabled(timeout=PATIENT)
    agent.keyboard.press("a")
    status(agent, "The caller is told that the talk is recorded")  # and hears the agent only after it
    expect(agent.get_by_role("button", name="Send")).to_be_disabled()
    status(agent, "Talking")
    expect(agent.get_by_role("button", name="Hold")).to_be_enabled(timeout=PATIENT)
    writes(agent, "Здравствуйте! <b>Слушаю</b>")
    says(caller, "Здравствуйте! <b>Слушаю</b>")
    writes(caller, "Во дворе темно")
    says(agent, "Во дворе темно")
    assert caller.evaluate("scrollY") == 0
    agent.get_by_role("button", name="Hang up").click()
    status(agent, "Writing up")
    says(caller, "Номер вашего обращения")
    status(caller, "The call is over.")
    agent.get_by_role("button", name="Written up").click()
    status(agent, "Ready")
    agent.get_by_role("button", name="Leave the seat").click()
    status(agent, "Offline")
    agent.close()
    caller.close()


def writes(page: Page, words: str) -> None:
    expect(page.get_by_role("button", name="Send")).to_be_enabled(timeout=PATIENT)
    page.locator("#to-say").fill(words)
    page.keyboard.press("Enter")


def test_the_volume_is_that_of_what_is_heard(city: City, still: Browser) -> None:
    caller = page(still)
    caller.add_init_script(
        """
        globalThis.sounding = [];
        const play = HTMLMediaElement.prototype.play;
        HTMLMediaElement.prototype.play = function () {
          if (this.srcObject) globalThis.sounding.push(this);
          return play.call(this);
        };
        """
    )
    caller.goto(f"{city.web}/phone")
    caller.locator("#volume").fill("0.5")
    caller.get_by_role("button", name="Call", exact=True).click()
    becomes(caller, "sounding.length && sounding.every((sound) => sound.volume === 0.5)")
    caller.locator("#volume").fill("0.2")
    becomes(caller, "sounding.every((sound) => sound.volume === 0.2)")
    caller.close()


def test_a_number_that_is_none_is_not_called_from_and_a_call_can_be_given_up(
    city: City, still: Browser
) -> None:
    caller = page(still)
    caller.goto(f"{city.web}/phone")
    caller.locator("#from").fill("my telephone")
    caller.get_by_role("button", name="Call", exact=True).click()
    status(caller, "Ready to call.")
    caller.locator("#from").fill("+86 (431) 8888-0001")
    caller.route("**/phone/token", lambda route: None)  # a hotline that answers nothing
    caller.get_by_role("button", name="Call", exact=True).click()
    status(caller, "Calling …")
    caller.get_by_role("button", name="Hang up").click()
    status(caller, "The call is over.")
    caller.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["", "?softphone=fake"])
def test_a_seat_says_that_nothing_rings_while_the_carrier_is_away(
    city: City, still: Browser, how: str
) -> None:
    agent = page(still)
    agent.goto(seat(city, how))
    status(agent, "Ready")
    city.kill("carrier")
    expect(agent.locator("#status")).to_contain_text("nothing rings here", timeout=PATIENT)
    with agent.expect_response("**/seat/agent-01"):  # and goes on saying so, after the next look
        pass
    expect(agent.locator("#status")).to_contain_text("nothing rings here")
    city.is_well()
    status(agent, "Ready")
    agent.get_by_role("button", name="Leave the seat").click()
    status(agent, "Offline")
    agent.close()


def test_a_seat_that_was_not_signed_in_takes_its_address_and_asks_again_for_the_microphone(
    city: City, still: Browser
) -> None:
    agent = page(still)
    agent.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => globalThis.plugged ??"
        " Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    agent.goto(f"{city.web}/seat#%")
    expect(agent.locator("#status")).to_contain_text("Nobody is signed in")
    agent.evaluate("(address) => { location.href = address }", seat(city))
    expect(agent.locator("#status")).to_contain_text("then sit down again")
    agent.evaluate("globalThis.plugged = Promise.resolve(new MediaStream())")
    agent.get_by_role("button", name="Sit down again").click()
    status(agent, "Ready")
    agent.get_by_role("button", name="Leave the seat").click()
    status(agent, "Offline")
    agent.close()


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_a_page_that_is_closed_in_the_middle_has_hung_up(
    city: City, chromium: Callable[..., Browser]
) -> None:
    caller = page(chromium(CALLER))
    caller.goto(f"{city.web}/phone")
    caller.get_by_role("button", name="Call", exact=True).click()
    says(caller, "您好")
    caller.context.close()
    from tests.processes.test_day import settle

    settle(city)


def test_a_refused_microphone_is_explained(city: City, chromium: Callable[..., Browser]) -> None:
    caller = page(chromium(CALLER, "--deny-permission-prompts"))
    caller.add_init_script(
        "navigator.mediaDevices.getUserMedia ="
        " async () => { throw new DOMException('no', 'NotAllowedError') }"
    )
    caller.goto(f"{city.web}/phone")
    caller.get_by_role("button", name="Call", exact=True).click()
    expect(caller.locator("#status")).to_contain_text("Allow it in the browser")
    expect(caller.get_by_role("button", name="Call", exact=True)).to_be_enabled()


def test_a_carrier_that_is_away_is_said_and_the_next_call_goes_through(
    city: City, chromium: Callable[..., Browser]
) -> None:
    caller = page(chromium(CALLER))
    caller.goto(f"{city.web}/phone")
    city.kill("carrier")
    caller.get_by_role("button", name="Call", exact=True).click()
    expect(caller.locator("#status")).to_contain_text("cannot be reached", timeout=PATIENT)
    city.is_well()
    caller.get_by_role("button", name="Call", exact=True).click()
    says(caller, "您好")
    complaints: list[str] = []
    caller.on("console", lambda line: complaints.append(line.text))
    city.kill("carrier")  # in the middle of a call
    expect(caller.locator("#status")).to_have_class("trouble", timeout=PATIENT)
    expect(caller.get_by_role("button", name="Call", exact=True)).to_be_focused()
    assert "call stack" not in "".join(complaints)
    city.is_well()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["/phone", "/seat"])
@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko", "ru"])
def test_no_page_is_wider_than_the_screen_or_complains(
    city: City, chromium: Callable[..., Browser], path: str, language: str, width: int, still: Any
) -> None:
    looked = still.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    looked.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    looked.on("pageerror", lambda error: complaints.append(str(error)))
    looked.goto(f"{city.web}{path}?language={language}")
    assert looked.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    looked.close()


@pytest.fixture(scope="module")
def still(chromium: Callable[..., Browser]) -> Browser:
    """One browser to look at pages with."""
    return chromium(0)


def test_the_telephone_is_used_by_keyboard_alone(city: City, still: Browser) -> None:
    looked = page(still)
    looked.goto(f"{city.web}/phone")
    looked.locator("#from").focus()
    looked.keyboard.press("Enter")
    says(looked, "您好")
    for _ in range(20):
        if looked.evaluate("document.activeElement.id") == "hang-up":
            break
        looked.keyboard.press("Shift+Tab")
    looked.keyboard.press("Enter")
    status(looked, "The call is over.")
    expect(looked.get_by_role("button", name="Call", exact=True)).to_be_focused()


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_what_a_recording_says_is_shown_to_whoever_reads_along(
    city: City, chromium: Callable[..., Browser]
) -> None:
    config = city.folder / "config"
    main = config / "menus" / "main.yml"
    before = main.read_text(encoding="utf-8")
    (config / "audio").mkdir(exist_ok=True)
    with wave.open(str(config / "audio" / "hello.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((8000 * np.sin(np.arange(8000) / 3)).astype("<i2").tobytes())
    main.write_text(
        before.replace(GREETING, f"{{file: audio/hello.wav, text: {GREETING}}}", 1), encoding="utf-8"
    )
    try:
        caller = page(chromium(CALLER))
        for _ in range(30):  # the changed menu is taken up within seconds
            caller.goto(f"{city.web}/phone")
            if GREETING in caller.request.get(f"{city.web}/phone/recordings").text():
                break
            caller.wait_for_timeout(500)
        caller.get_by_role("button", name="Call", exact=True).click()
        says(caller, GREETING)
        expect(caller.locator("#said")).not_to_contain_text("recorded words")
        caller.get_by_role("button", name="Hang up").click()
    finally:
        main.write_text(before, encoding="utf-8")


def asks(city: City, page: Page, path: str, **form: str) -> dict[str, Any]:
    """What the carrier's REST answers."""
    secrets = read_secrets(city.environ)
    account = base64.b64encode(f"{secrets.account_sid}:{secrets.auth_token}".encode()).decode()
    answer = page.request.fetch(
        f"{city.carrier}{path}".replace("ACCOUNT", secrets.account_sid),
        method="POST" if form else "GET",
        form=form or None,
        headers={"Authorization": f"Basic {account}"},
    )
    told: dict[str, Any] = answer.json()
    return told


def calls(city: City, page: Page, to: str, **more: str) -> str:
    """Somebody calls this number; where the call is asked for."""
    twiml = '<Response><Say>回电</Say><Pause length="60"/></Response>'
    call = asks(
        city, page, "/2010-04-01/Accounts/ACCOUNT/Calls.json", To=to, From=NUMBER, Twiml=twiml, **more
    )
    return str(call["uri"])


def ends(city: City, page: Page, call: str, status: str) -> None:
    """Wait until the call is over, in this way."""
    for _ in range(PATIENT // 100):
        told = asks(city, page, call)["status"]
        if told not in ("queued", "ringing", "in-progress"):
            assert told == status
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the call never ended; the page shows: {page.locator('main').inner_text()}")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("how", "home"), [("", "+8643188880021"), ("?softphone=fake", "+8643188880022")])
def test_a_page_that_has_called_is_called_back_at_its_number(
    city: City, still: Browser, how: str, home: str
) -> None:
    phone = page(still)
    phone.goto(f"{city.web}/phone{how}")
    phone.locator("#from").fill(home)
    phone.get_by_role("button", name="Call", exact=True).click()
    says(phone, "您好")
    busy = calls(city, phone, home)
    ends(city, phone, busy, "busy")
    status(phone, "Connected.")
    phone.get_by_role("button", name="Hang up").click()
    status(phone, "The call is over.")

    declined = calls(city, phone, home)
    status(phone, "The hotline calls you: the telephone rings.")
    expect(phone).to_have_title(re.compile("^☎"))
    expect(phone.get_by_role("button", name="Answer")).to_be_focused()
    phone.keyboard.press("d")
    ends(city, phone, declined, "busy")
    status(phone, "The call is over.")
    expect(phone.get_by_role("button", name="Answer")).to_be_hidden()

    phone.reload()  # in another language, for instance
    status(phone, "Ready to call. The hotline can call you back here.")
    answered = calls(city, phone, home)
    status(phone, "The hotline calls you: the telephone rings.")
    phone.keyboard.press("Enter")
    status(phone, "Connected.")
    says(phone, "回电")
    phone.close()
    watching = page(still)
    ends(city, watching, answered, "completed")
    ends(city, watching, calls(city, watching, home), "failed")
    watching.close()


@pytest.mark.timeout(300)
def test_word_that_is_late_between_a_seat_and_the_carrier(city: City, still: Browser) -> None:
    """Who has accepted is not told that it still rings; and a call whose end is not known here yet keeps no
    other from ringing."""
    agent = page(still)
    answers: list[Callable[[], None]] = []

    def hold(socket: WebSocketRoute) -> None:
        carrier = socket.connect_to_server()

        def up(frame: str | bytes) -> None:
            if '"type":"answer"' in str(frame) and not answers:
                answers.append(lambda: carrier.send(frame))
            else:
                carrier.send(frame)

        def down(frame: str | bytes) -> None:
            if '"type": "hangup"' not in str(frame):
                socket.send(frame)

        socket.on_message(up)
        carrier.on_message(down)

    agent.route_web_socket(re.compile("/signal$"), hold)
    agent.goto(seat(city))
    status(agent, "Ready")
    for _ in range(2):
        calls(city, agent, NUMBER, SendDigits="w0")  # to a person, whatever is being said
    accept = agent.get_by_role("button", name="Accept")
    accept.click()
    for _ in range(2):  # the last look that had begun before, and one after
        with agent.expect_response("**/seat/agent-01"):
            pass
    assert answers
    status(agent, "Connecting the caller")
    answers[0]()
    status(agent, "Talking")
    agent.get_by_role("button", name="Hang up").click()
    agent.get_by_role("button", name="Written up").click()
    accept.click()
    status(agent, "Talking")
    agent.get_by_role("button", name="Hang up").click()
    status(agent, "Writing up")
    agent.get_by_role("button", name="Leave the seat").click()
    agent.close()
