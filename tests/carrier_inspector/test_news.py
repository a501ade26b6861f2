"""What the page is told while calls go on."""

import asyncio

import pytest
from aiohttp import ClientSession, encode_basic_auth, web

from carrier.app import create_app
from carrier.inspector import viewer
from carrier.inspector.viewer import Viewer
from carrier.model import Request
from carrier.trail import KEPT, LONGEST
from tests.carrier.conftest import CALLER, HOTLINE, World
from tests.carrier_inspector.conftest import inspected, watching


async def test_a_call_is_seen_with_its_request_and_the_indented_answer(world: World) -> None:
    async with watching(world) as page:
        line = await world.call('<Say>Hello</Say><Pause length="60"/>')
        await line.hears("Hello")
        await page.sees(lambda it: it.requests() and it.requests()[0]["status"])
        (asked,) = page.requests()
        assert (asked["method"], asked["url"], asked["call"]) == ("POST", world.app.url + "/in", line.sid)
        assert ["From", CALLER] in asked["params"]
        assert asked["answer"] == '<Response>\n  <Say>Hello</Say>\n  <Pause length="60" />\n</Response>'
        assert asked["ms"] >= 0
        await page.sees(lambda it: it.things[line.sid]["status"] == "in-progress")
        await line.hang_up()
        await page.sees(lambda it: it.things[line.sid]["status"] == "completed")
        assert page.things[line.sid]["live"] is False


async def test_a_request_is_seen_while_it_is_on_its_way(world: World) -> None:
    """A developer who stops in the debugger sees what the carrier waits for."""
    go = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        await go.wait()
        return web.Response(text="<Response/>", content_type="text/xml")

    world.app.on("/slow", slow)
    async with watching(world) as page:
        await world.call("<Redirect>/slow</Redirect>")
        await page.sees(lambda it: any(one["url"].endswith("/slow") for one in it.requests()))
        assert page.requests()[-1]["ms"] is None
        go.set()
        await page.sees(lambda it: it.requests()[-1]["status"] == 200)


async def test_a_leg_that_was_dialled_names_the_call_that_dialled_it(world: World) -> None:
    kim = world.phone("client:kim")
    async with watching(world) as page:
        line = await world.call("<Dial><Client>kim</Client></Dial>")
        leg = await kim.rings()
        await page.sees(lambda it: leg.sid in it.things)
        assert page.things[leg.sid]["parent"] == line.sid


async def test_queues_and_conferences_show_who_is_in_them(world: World) -> None:
    async with watching(world) as page:
        waiting = await world.call("<Enqueue>people</Enqueue>")
        await page.sees(lambda it: it.only("queues") and it.only("queues")[0]["size"] == 1)
        assert page.only("queues")[0]["inside"][0]["who"] == CALLER
        await waiting.hang_up()
        await page.sees(lambda it: it.only("queues")[0]["size"] == 0)
        talking = await world.call('<Dial><Conference participantLabel="guest">talk</Conference></Dial>')
        await page.sees(lambda it: it.only("conferences") and it.only("conferences")[0]["size"] == 1)
        world.exchange.update_participant("talk", "guest", hold=True)
        world.clock.activity.beat()  # as the REST API does after each change
        await page.sees(lambda it: it.only("conferences")[0]["inside"][0]["status"] == "on hold")
        await talking.hang_up()
        await page.sees(lambda it: it.only("conferences")[0]["status"] == "completed")


async def test_an_alert_is_seen_beside_the_request_that_failed(world: World) -> None:
    async with watching(world) as page:
        line = await world.call("<Redirect>/nowhere</Redirect>")
        await page.sees(lambda it: it.alerts())
        (alert,) = page.alerts()
        assert (alert["code"], alert["call"], alert["level"]) == (11217, line.sid, "error")
        assert page.requests()[-1]["status"] == 404


async def test_each_redirect_and_each_try_is_a_request(world: World) -> None:
    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound("/there")

    world.app.on("/here", away)
    world.app.on("/there", "")
    async with watching(world) as page:
        await (await world.call("<Redirect>/here</Redirect>")).ends()
        await page.sees(lambda it: len(it.requests()) == 3 and it.requests()[-1]["status"])
        assert [one["status"] for one in page.requests()] == [200, 302, 200]
        assert page.requests()[-1]["method"] == "GET"


async def test_of_a_request_that_nobody_answers_it_is_told_why(world: World) -> None:
    async with watching(world) as page:
        await world.call("<Redirect>http://127.0.0.1:9/#rc=1</Redirect>")
        await page.sees(lambda it: len(it.requests()) == 3 and it.requests()[-1]["trouble"])
        assert "refused" in page.requests()[-1]["trouble"]
        assert page.requests()[-1]["status"] == 0


async def test_a_page_that_is_opened_later_is_told_everything(world: World) -> None:
    await (await world.call("<Say>Hello</Say>")).ends()
    async with watching(world) as page:
        assert [one["status"] for one in page.only("calls")] == ["completed"]
        assert len(page.requests()) == 1
        assert {one["number"] for one in page.only("numbers")} >= {HOTLINE}


async def test_a_page_keeps_nobody_from_stopping_the_carrier(world: World) -> None:
    async with watching(world):
        async with asyncio.timeout(3):
            await world.exchange.close()


async def test_a_page_that_is_closed_is_no_mistake_of_the_carriers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    runner = web.AppRunner(create_app(world.exchange))  # unlike a test server, it lets a handler go on
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as http:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/inspector/news"
        async with http.get(url) as news:
            await news.content.readline()
        for _ in range(3):  # each is news to a page that is no longer there
            await asyncio.sleep(0.3)
            await (await world.call("<Reject/>")).ends()
    await runner.cleanup()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_nothing_is_told_where_nothing_happens(world: World) -> None:
    seen = Viewer(world.exchange)
    assert seen.news()
    assert seen.news() == {}


async def test_memory_is_bounded(world: World) -> None:
    """The last some hundred requests; answers and parameters cut."""

    async def long(request: web.Request) -> web.Response:
        return web.Response(
            text="<Response><Say>" + "x" * 2 * LONGEST + "</Say></Response>", content_type="text/xml"
        )

    world.app.on("/long", long)
    request = Request(world.app.url + "/long", "POST", {"Digits": "1" * 2 * LONGEST})
    line = await world.call('<Pause length="60"/>')
    await world.exchange.settle()
    await world.exchange.legs[line.sid].ask(request, {})
    (asked,) = world.exchange.trail.since(2)
    assert (len(asked.body), dict(asked.params)["Digits"]) == (LONGEST, "1" * LONGEST)
    for _ in range(KEPT):
        world.exchange.trail.begin("POST", "http://x/", [])
    assert len(world.exchange.trail.since(0)) == KEPT


async def test_a_page_shows_so_many_calls(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer, "PAST_CALLS", 3)
    for _ in range(5):
        await (await world.call("<Reject/>")).ends()
    last = list(world.exchange.calls)[-3:]
    assert sorted(one["sid"] for one in Viewer(world.exchange).news()["calls"]) == sorted(last)


async def test_a_sound_is_a_size_and_no_text(world: World) -> None:
    async with watching(world) as page:
        await (await world.call("<Play>/two-seconds.wav</Play>")).ends()
        await page.sees(lambda it: len(it.requests()) == 2 and it.requests()[-1]["status"])
        asked = page.requests()[-1]
        assert (asked["answer"], asked["kind"], asked["cut"]) == ("", "audio/x-wav", False)
        assert asked["size"] > 16_000
        assert asked["call"] == page.requests()[0]["call"]


async def test_a_change_by_rest_is_news_at_once(world: World) -> None:
    account = world.exchange.account
    async with inspected(world) as url, ClientSession() as http:
        where = f"{url}/2010-04-01/Accounts/{account.sid}/Queues.json"
        login = {"Authorization": encode_basic_auth(account.sid, account.token)}
        before = world.clock.activity.beats
        async with http.post(where, data={"FriendlyName": "people"}, headers=login) as made:
            assert made.status == 201
        assert world.clock.activity.beats > before
