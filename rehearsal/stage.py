"""A whole hotline in one process, on a clock that is driven: for whole-call tests and written calls.

The webhooks are real signed HTTP requests, the carrier's REST interface is the real one, the database is
a real database; only time stands still until somebody waits for something.
"""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web
from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from carrier.app import create_app
from carrier.clock import ManualClock
from carrier.exchange import Exchange
from carrier.model import Account
from carrier.phone import Phone
from clock.jobs import JOBS, Job
from rehearsal.loop import Loop
from store.engine import Store
from switchboard.hotline import Hotline
from switchboard.roster import seat_all
from switchboard.runner import AtOnce
from switchboard.setup import Setup
from switchboard.spool import Spool
from telephony.carrier import Carrier
from telephony.links import Links
from web.app import Secrets, application

T = TypeVar("T")

HERE = "127.0.0.1"
GLANCE = 0.02  # seconds between looks whether to stop
LAST_WORDS = 5.0  # seconds, of real time
ACCOUNT = Account("AC" + "0" * 31 + "1", "the token of a rehearsal, of 32 and more")


class Stage:
    """A hotline to rehearse on; its clock begins at `start`.

    `setup` may be replaced at any time: new calls get the new one.
    """

    def __init__(self, setup: Setup, store: Store, folder: Path, start: datetime | None = None) -> None:
        self.setup = setup
        self.spool = Spool(folder / "unregistered")
        self._folder = folder
        self.fault: BaseException | None = None  # what went wrong in a timed job
        self._open = ExitStack()
        self._loop = Loop()
        self._open.callback(self._loop.close)
        self.clock = ManualClock(start) if start else ManualClock()
        self.exchange, rest, carrier_server = self._carrier()
        worker = AtOnce()
        links = Links("")
        carrier = Carrier(ACCOUNT.sid, ACCOUNT.token, rest, environ={})
        self.hotline = Hotline(store, lambda: self.setup, carrier, links, self.clock.now, worker)
        self.app = application(self.hotline, Secrets(ACCOUNT.token, "a key for desks", ACCOUNT.sid), folder)
        links.public_url = self._web(self.app)
        # Closed before the web side, which hears of the end of every call.
        self._open.callback(lambda: self.run(carrier_server.cleanup()))
        worker.hotline = self.hotline
        seat_all(self.hotline)
        self.run(self._begin())
        self._open.callback(lambda: self.run(self._end_calls()))

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang everybody up and stop the servers."""
        self._open.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Play something that happens on the carrier's side, and wait for it."""
        return self._loop.run(work)

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        self.run(self.exchange.advance(seconds))
        if self.fault is not None:
            raise self.fault

    def settle(self) -> None:
        """Let everything that can happen without time passing happen."""
        self.run(self.exchange.settle())

    def phone(self, address: str | None = None) -> Phone:
        """A telephone at `address`, or one that only calls."""

        async def plug_in() -> Phone:
            return Phone(self.exchange, address)

        return self.run(plug_in())

    def _carrier(self) -> tuple[Exchange, str, web.AppRunner]:
        listener = socket.create_server((HERE, 0))
        url = f"http://{HERE}:{listener.getsockname()[1]}"
        exchange = Exchange(ACCOUNT, self.clock, self._folder, url)
        runner = web.AppRunner(create_app(exchange), access_log=None, shutdown_timeout=1)

        async def serve() -> None:
            await runner.setup()
            await web.SockSite(runner, listener).start()

        self.run(serve())
        return exchange, url, runner

    def _web(self, app: Flask) -> str:
        server = ThreadedWSGIServer(HERE, 0, app, _Quiet)
        server.daemon_threads = False  # so that closing waits for requests that are still being answered
        thread = threading.Thread(target=server.serve_forever, args=(GLANCE,), name="web", daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            thread.join()
            server.server_close()

        self._open.callback(stop)
        return f"http://{HERE}:{server.server_port}"

    async def _begin(self) -> None:
        links = self.hotline.links
        self.exchange.add_number(
            self.setup.config.hotline.number,
            voice_url=links.incoming(),
            voice_fallback_url=links.fallback(),
            status_callback=links.status(),
        )
        for job in JOBS:
            self._again(job)

    async def _end_calls(self) -> None:
        """While the carrier still listens: at the end of a call the hotline has something to ask of it, and
        whoever is free by that is rung for the next one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                while self.exchange.legs:
                    for leg in list(self.exchange.legs.values()):
                        leg.hang_up()
                    await self.exchange.settle()

    def _again(self, job: Job) -> None:
        self.clock.call_later(job.seconds, lambda: self._tick(job))

    def _tick(self, job: Job) -> None:
        """Do a timed job as the clock process would, in a thread, while time stands still."""
        busy = self.exchange.busy()
        busy.__enter__()

        def done(ended: "asyncio.Future[object]") -> None:
            self._again(job)
            busy.__exit__(None, None, None)
            self.fault = ended.exception() or self.fault

        work = asyncio.get_running_loop().run_in_executor(None, job.work, self.hotline, self.spool)
        work.add_done_callback(done)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing of each request."""
