"""A caller in one browser and an agent in another: what each hears, by the real pages."""

import subprocess
import sys
import wave
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from carrier.speech.pcm import Samples
from settings.secrets import read_secrets
from tests.browser.conftest import listens
from tests.carrier_voice.browser import share
from tests.processes.city import City
from tickets.find import latest
from web import seat_token

CALLER, AGENT = 720, 1500  # hertz, neither of them a note of the music
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
@pytest.mark.timeout(400)
def test_a_caller_and_an_agent_hear_each_other_hold_plays_music_and_hanging_up_ends_both(
    city: City, chromium: Callable[..., Browser]
) -> None:
    key = seat_token.issue(read_secrets(city.environ).key, "agent-01")
    agent = page(chromium(AGENT))
    agent.goto(f"{city.web}/seat#agent-01/{key}")
    status(agent, "Ready")

    caller = page(chromium(CALLER))
    caller.goto(f"{city.web}/phone")
    caller.get_by_role("button", name="Call", exact=True).click()
    status(caller, "Connected.")
    says(caller, "您好，长春市市长公开电话。")
    becomes(caller, "loudness() > 0.02")
    says(caller, "For English press 2.")
    caller.keyboard.press("5")
    says(caller, "Здравствуйте")  # the Russian menu, by day or by night
    caller.keyboard.press("0")

    status(agent, "It rings")
    expect(agent.locator("#talk")).to_contain_text("Russian")
    expect(agent.locator("#talk")).not_to_contain_text("88880001")
    agent.get_by_role("button", name="Accept").click()
    status(agent, "Talking")
    hears(agent, CALLER)
    hears(caller, AGENT)
    assert agent.evaluate(f"hears({AGENT})") < 0.1
    assert caller.evaluate(f"hears({CALLER})") < 0.1

    agent.wait_for_timeout(3000)  # there is something to record
    agent.get_by_role("button", name="Hold").click()
    becomes(caller, f"loudness() > 0.01 && hears({AGENT}) < 0.1")
    becomes(agent, "loudness() < 0.001")
    agent.get_by_role("button", name="Take back").click()
    hears(caller, AGENT)

    agent.get_by_role("button", name="Hang up").click()
    status(agent, "Writing up")
    says(caller, "Номер вашего обращения")
    status(caller, "The call is over.")

    said, heard = recorded(city)
    assert share(said, CALLER) > 0.5
    assert share(said, AGENT) < 0.05
    assert share(heard, AGENT) > 0.3  # and the music of the hold
    assert share(heard, CALLER) < 0.05
    plays_the_recording(city, agent)


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
