"""A carrier on a clock that stands still, and a small app for it to ask."""

import asyncio
import inspect
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from carrier.clock import ManualClock
from carrier.exchange import Exchange
from carrier.model import Account
from carrier.phone import Line, Phone

HOTLINE = "+8643112345"
SECOND = "+8643154321"
CALLER = "+8643188880001"
TOKEN = "a-token-for-tests"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Asked:
    """One request that the carrier made of the app."""

    path: str
    method: str
    params: dict[str, str]
    headers: dict[str, str]
    url: str


@dataclass
class App:
    """A TwiML app: what it answers at each path, and what it was asked."""

    url: str = ""
    answers: dict[str, list[str | Handler]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, path: str, *answers: str | Handler) -> None:
        """Answer `path` with these in turn, the last one again and again."""
        self.answers[path] = list(answers)

    def requests(self, path: str) -> list[dict[str, str]]:
        return [one.params for one in self.asked if one.path == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        params = dict(request.query) | {k: str(v) for k, v in (await request.post()).items()}
        self.asked.append(
            Asked(request.path, request.method, params, dict(request.headers), self.url + request.path_qs)
        )
        answers = self.answers.get(request.path)
        if answers is None:
            return web.Response(status=404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            return await answer(request)
        return web.Response(text=f"<Response>{answer}</Response>", content_type="text/xml")


def sound(seconds: int, **headers: str) -> Handler:
    """A WAV file of silence."""
    body = BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(8000 * seconds))

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body.getvalue(), content_type="audio/x-wav", headers=headers)

    return answer


@dataclass
class World:
    """An exchange on a clock that stands still, and its app on a real server.

    It has the numbers HOTLINE, answered at /in, and SECOND, at /second.
    """

    folder: Path
    app: App = field(default_factory=App)
    clock: ManualClock = field(default_factory=ManualClock)

    async def __aenter__(self) -> "World":
        server = web.Application()
        server.router.add_route("*", "/{path:.*}", self.app.answer)
        self.server = TestServer(server)
        await self.server.start_server()
        self.app.on("/two-seconds.wav", sound(2))
        self.app.on("/kept.wav", sound(2, **{"Cache-Control": "public, max-age=60"}))
        self.app.url = str(self.server.make_url("")).rstrip("/")
        self.exchange = Exchange(
            Account("AC" + "0" * 32, TOKEN), self.clock, self.folder, "http://carrier.test"
        )
        self.exchange.add_number(HOTLINE, voice_url=self.app.url + "/in")
        self.exchange.add_number(SECOND, voice_url=self.app.url + "/second")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.exchange.close()
        await self.server.close()
        assert not self.exchange.faults

    async def call(self, document: str) -> Line:
        """A caller dials the hotline, which answers with `document`."""
        self.app.on("/in", document)
        return await Phone(self.exchange).dial(HOTLINE, CALLER)

    def phone(self, address: str) -> Phone:
        return Phone(self.exchange, address)

    def codes(self) -> list[int]:
        """The error codes in the debugger's log."""
        return [one.error_code for one in self.exchange.alerts]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine, in the `world` that it asks for."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asked = {name: pyfuncitem.funcargs[name] for name in names}
    world = asked["world"]
    assert isinstance(world, World)

    async def run() -> None:
        async with world:
            await pyfuncitem.obj(**asked)

    asyncio.run(run())
    return True
