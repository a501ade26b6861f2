"""A carrier with its inspector, on the clock that stands still, and somebody who looks at the page."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from carrier.app import create_app
from tests.carrier.conftest import World, pytest_pyfunc_call, world  # noqa: F401 - pytest finds them here


@asynccontextmanager
async def inspected(world: World) -> AsyncIterator[str]:  # noqa: F811 - a story gives its own
    """The address of the page."""
    async with TestServer(create_app(world.exchange)) as server:
        yield str(server.make_url("/")).rstrip("/")


class Watcher:
    """An open page: everything that it was told, put together as the page does."""

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self.things: dict[str, dict[str, Any]] = {}
        self.log: dict[str, dict[str, Any]] = {}
        self.told = 0

    async def sees(self, true: Callable[["Watcher"], object]) -> None:
        async with asyncio.timeout(10):
            while not true(self):
                await asyncio.sleep(0.02)

    def take(self, event: str, told: dict[str, Any]) -> None:
        self.told += 1
        if event == "carrier":
            self.about = told
            return
        for sid in told.get("gone", ()):
            self.things.pop(sid)
        for kind in ("calls", "conferences", "queues", "numbers"):
            self.things |= {thing["sid"]: thing | {"kind": kind} for thing in told.get(kind, ())}
        for thing in (*told.get("requests", ()), *told.get("alerts", ())):
            self.log[thing["id"]] = thing

    def only(self, kind: str) -> list[dict[str, Any]]:
        return [thing for thing in self.things.values() if thing["kind"] == kind]

    def requests(self) -> list[dict[str, Any]]:
        return [thing for thing in self.log.values() if "params" in thing]

    def alerts(self) -> list[dict[str, Any]]:
        return [thing for thing in self.log.values() if "code" in thing]


@asynccontextmanager
async def watching(world: World) -> AsyncIterator[Watcher]:  # noqa: F811 - a story gives its own
    """Somebody has the page open."""
    watcher = Watcher()
    async with inspected(world) as url, ClientSession() as http, http.get(url + "/inspector/news") as news:

        async def read() -> None:
            event = ""
            async for line in news.content:
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    watcher.take(event, json.loads(value))

        reading = asyncio.create_task(read())
        await watcher.sees(lambda it: it.told >= 2)
        yield watcher
        reading.cancel()
