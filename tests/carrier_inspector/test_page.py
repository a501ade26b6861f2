"""The page in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright, expect

from carrier.phone import Phone
from tests.carrier.conftest import HOTLINE, World
from tests.carrier_inspector.conftest import inspected
from tests.conftest import CHROMIUM

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EVIL = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


@asynccontextmanager
async def opened(world: World, width: int = 1280) -> AsyncIterator[Page]:
    """The page, on which nothing goes wrong."""
    async with inspected(world) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": width, "height": 800})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))
        await page.goto(url)
        await expect(page.locator("#link")).to_have_text("live")
        yield page
        await browser.close()
        assert wrong == []


async def test_an_empty_page_says_how_to_place_a_first_call(world: World) -> None:
    async with opened(world) as page:
        await expect(page.locator("#first")).to_contain_text("python -m carrier --number")
        await expect(page.locator("#dial")).to_contain_text(f'phone.dial("{HOTLINE}"')
        await world.call("<Pause/>")
        await expect(page.locator("#first")).to_be_hidden()


async def test_a_call_its_request_and_the_answer(world: World) -> None:
    async with opened(world) as page:
        line = await world.call('<Say>Hello</Say><Pause length="60"/>')
        await line.hears("Hello")
        await expect(page.locator(".call .status")).to_have_text("in-progress")
        await page.locator("#log summary").click()
        await expect(page.locator("#log pre")).to_contain_text("  <Say>Hello</Say>\n")
        await expect(page.locator("#log dl")).to_contain_text(line.sid)
        await line.hang_up()
        await expect(page.locator(".call .status")).to_have_text("completed")
        await expect(page.locator("#log details")).to_have_attribute("open", "")


async def test_what_an_app_answers_is_text_and_never_runs(world: World) -> None:
    async def evil(request: web.Request) -> web.Response:
        return web.Response(text=EVIL, content_type="text/html", status=500)

    world.app.on("/evil", evil)
    words = f"<![CDATA[{EVIL}]]>"
    world.app.on("/in", f'<Say>{words}</Say><Enqueue waitUrl="/evil">{words}</Enqueue>')
    async with opened(world) as page:
        line = await Phone(world.exchange).dial(HOTLINE, f"client:{EVIL}")
        await line.hears("hold music")
        await expect(page.locator("#queues")).to_contain_text(EVIL)
        for summary in await page.locator("#log summary").all():
            await summary.click()
        await expect(page.locator("#log pre", has_text=EVIL).first).to_be_visible()
        await expect(page.locator(".call").first).to_contain_text(EVIL)
        assert await page.title() == "Carrier"
        assert await page.locator("main img, main script").count() == 0


async def test_the_log_of_one_call_and_its_legs(world: World) -> None:
    kim = world.phone("client:kim")
    async with opened(world) as page:
        await (await world.call("<Say>Other</Say>")).ends()
        world.app.on("/whisper", "<Say>Accept</Say>")
        await world.call('<Dial><Client url="/whisper">kim</Client></Dial>')
        await (await kim.rings()).answer()
        await expect(page.locator("#log > li")).to_have_count(3)
        await page.locator("#calls > li.leg .call").click()
        await expect(page.locator("#log > li:visible")).to_have_count(2)
        await expect(page.locator("#which")).to_contain_text("2 of 3")
        await page.get_by_role("button", name="All calls").click()
        await expect(page.locator("#log > li:visible")).to_have_count(3)


async def test_everything_is_reached_by_key(world: World) -> None:
    async with opened(world) as page:
        await (await world.call("<Redirect>/nowhere</Redirect>")).ends()
        await expect(page.locator("#log > li")).to_have_count(3)
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.locator("#log > li:nth-child(2) details")).to_have_attribute("open", "")
        await page.keyboard.press("/")
        await page.keyboard.type("11217")
        await expect(page.locator("#log > li:visible")).to_have_count(1)
        await page.keyboard.press("Escape")
        await expect(page.locator("#log > li:visible")).to_have_count(3)
        await page.locator(".call").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".call")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_is_wider_than_the_screen(world: World, width: int) -> None:
    long = "https://example.org/" + "a" * 300
    async with opened(world, width) as page:
        await (await world.call(f"<Redirect>/{'b' * 300}</Redirect><Say>{long}</Say>")).ends()
        await expect(page.locator("#log > li")).to_have_count(3)
        for summary in await page.locator("#log summary").all():
            await summary.click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
