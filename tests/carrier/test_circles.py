"""Documents that lead to themselves at once: on the time of day, where every request takes a little time."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from carrier.clock import RealClock
from carrier.phone import Phone
from carrier.registry import Ending
from carrier.script import Script
from tests.carrier.conftest import CALLER, HOTLINE, World


class RealWorld(World):
    """The world with the time of day."""

    async def __aenter__(self) -> "RealWorld":
        self.clock = RealClock()  # type: ignore[assignment] # everything else in World is the same
        await super().__aenter__()
        return self


@pytest.fixture
def world(tmp_path: Path) -> RealWorld:
    return RealWorld(tmp_path)


async def test_a_redirect_to_itself_comes_to_an_end(world: RealWorld) -> None:
    await world.call("<Redirect/>")
    async with asyncio.timeout(120):
        while not world.codes():
            await asyncio.sleep(0.05)
    assert world.codes() == [11215]


async def test_an_empty_wait_document_is_asked_about_once_a_second(world: RealWorld) -> None:
    world.app.on("/wait", "")
    line = await world.call('<Enqueue waitUrl="/wait">people</Enqueue>')
    begun = asyncio.get_running_loop().time()
    await asyncio.sleep(1.5)
    passed = asyncio.get_running_loop().time() - begun
    assert 1 <= len(world.app.requests("/wait")) <= passed + 1
    await line.hang_up()


async def test_a_clock_that_is_set_back_does_not_hold_up_a_wait_document(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, hour = world.clock.now, timedelta(hours=1)

    async def set_back(request: web.Request) -> web.Response:
        monkeypatch.setattr(world.clock, "now", lambda: now() - hour)
        return web.Response(text="<Response/>", content_type="text/xml")

    world.app.on("/wait", set_back)
    line = await world.call('<Enqueue waitUrl="/wait">people</Enqueue>')
    async with asyncio.timeout(30):
        while len(world.app.requests("/wait")) < 2:
            await asyncio.sleep(0.05)
    await line.hang_up()


async def test_a_mistake_of_the_carriers_own_is_music_to_who_waits(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(self: Script, first: object) -> Ending:
        raise ZeroDivisionError

    world.app.on("/in", '<Enqueue waitUrl="/wait">people</Enqueue>')
    run = Script.run
    monkeypatch.setattr(Script, "run", lambda self, first: (fails if self.waits else run)(self, first))
    line = await Phone(world.exchange).dial(HOTLINE, CALLER)
    await line.hears("hold music")
    await line.hang_up()
    assert world.codes() == [20500]
    world.exchange.faults.clear()
