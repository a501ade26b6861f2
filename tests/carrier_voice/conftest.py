"""A carrier with telephones in the browser, on the real clock, and a small app for it to ask."""

import asyncio
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from carrier.app import create_app
from carrier.clock import RealClock
from carrier.exchange import Exchange
from carrier.media.audible import Audible
from carrier.model import Account
from carrier.speech.spoken import Speech
from carrier.speech.voices import engines
from carrier.voice.mixer import Mixer
from tests.carrier.conftest import App
from tests.carrier_voice.browser import Browser, token

NUMBER = "+8643112345"
ACCOUNT = Account("AC" + "a" * 32, "a token for tests that is long enough for HS384 as well")


@dataclass
class World:
    """The carrier at `url`, its app, and the browsers that were opened."""

    url: str
    app: App
    exchange: Exchange
    mixer: Mixer
    http: ClientSession
    browsers: list[Browser] = field(default_factory=list)

    async def browser(self, hertz: float = 0) -> Browser:
        self.browsers.append(await Browser.open(self.http, self.url, hertz))
        return self.browsers[-1]

    async def caller(self, document: str, hertz: float = 0, **params: str) -> Browser:
        """A browser that calls the number, which answers with this document."""
        self.app.on("/voice", document)
        browser, before = await self.browser(hertz), len(self.app.asked)
        await browser.call(self.token("caller"), NUMBER, **params)
        while len(self.app.asked) == before:  # the next caller may be answered with another document
            await asyncio.sleep(0.01)
        return browser

    async def seat(self, name: str, hertz: float = 0) -> Browser:
        """A browser that is registered."""
        browser = await self.browser(hertz)
        await browser.register(self.token(name))
        return browser

    def token(self, who: str, **allowed: Any) -> str:
        return token(ACCOUNT, who, **allowed)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[World]:
    app = App()
    asked = web.Application()
    asked.router.add_route("*", "/{path:.*}", app.answer)
    async with TestServer(asked) as answering, ClientSession() as http:
        app.url = str(answering.make_url("")).rstrip("/")
        exchange, mixer = Exchange(ACCOUNT, RealClock(), folder, ""), Mixer()
        speech = Speech(engines(), folder / "speech")
        exchange.medium = Audible(exchange, mixer, speech)
        async with TestServer(create_app(exchange, mixer)) as carrier:
            exchange.public_url = str(carrier.make_url("")).rstrip("/")
            exchange.add_number(NUMBER, voice_url=app.url + "/voice")
            world = World(exchange.public_url, app, exchange, mixer, http)
            try:
                yield world
            finally:
                for browser in world.browsers:
                    await browser.close()
                speech.close()


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Where the world of a story keeps its files; the story itself gets the `World`."""
    return tmp_path


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine, in a world of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = set(inspect.signature(pyfuncitem.obj).parameters) - {"world"}
    asked = {name: pyfuncitem.funcargs[name] for name in names}

    async def run() -> None:
        async with opened(pyfuncitem.funcargs["world"]) as world:
            await pyfuncitem.obj(world=world, **asked)
            assert world.exchange.faults == []
            assert world.mixer.faults == 0

    asyncio.run(run())
    return True
