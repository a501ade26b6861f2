"""The exchange in a thread of its own, its app in others, a test that only calls: how a rehearsal runs."""

import asyncio
import base64
import json
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

import pytest
from aiohttp.test_utils import TestServer

from carrier.app import create_app
from carrier.clock import ManualClock
from carrier.exchange import Exchange
from carrier.model import Account
from carrier.phone import Phone
from tests.carrier.conftest import CALLER, HOTLINE, TOKEN

T = TypeVar("T")
SID = "AC" + "0" * 32


@dataclass
class Rehearsal:
    """A carrier with REST, on a clock that is moved, in the background."""

    folder: Path
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __enter__(self) -> "Rehearsal":
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.run(self._open())
        self.app = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.app_thread = threading.Thread(target=self.app.serve_forever)
        self.app_thread.start()
        self.exchange.add_number(HOTLINE, voice_url=f"http://127.0.0.1:{self.app.server_port}/in")
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.server.close())
        self.app.shutdown()
        self.app_thread.join()
        self.app.server_close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(30)

    async def _open(self) -> None:
        self.exchange = Exchange(Account(SID, TOKEN), ManualClock(), self.folder, "http://carrier.test")
        self.server = TestServer(create_app(self.exchange))
        await self.server.start_server()

    def post(self, path: str, **params: str) -> dict[str, Any]:
        """Ask the carrier's REST interface."""
        login = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        url = str(self.server.make_url(f"/2010-04-01/Accounts/{SID}/{path}.json"))
        request = Request(url, urlencode(params).encode(), {"Authorization": f"Basic {login}"})  # noqa: S310 - our own
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
            told: dict[str, Any] = json.load(answer)
            return told

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rehearsal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode())
                body = rehearsal.answer(self.path, form["CallSid"][0]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        return Handler

    def answer(self, path: str, call_sid: str) -> str:
        """The app: a caller waits while an agent is rung; who accepts is joined with the caller."""
        match path:
            case "/in":
                url = f"http://127.0.0.1:{self.app.server_port}/agent?for={call_sid}"
                self.post("Calls", To="client:kim", From=HOTLINE, Url=url)
                return "<Response><Enqueue>people</Enqueue></Response>"
            case "/join":
                return "<Response><Dial><Conference>c</Conference></Dial></Response>"
            case _:
                caller = path.partition("=")[2]
                url = f"http://127.0.0.1:{self.app.server_port}/join"
                self.post(f"Calls/{caller}", Url=url)
                return "<Response><Dial><Conference>c</Conference></Dial></Response>"


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    with Rehearsal(tmp_path) as rehearsal:
        yield rehearsal


def test_webhooks_may_call_the_carrier_while_they_are_in_flight(rehearsal: Rehearsal) -> None:
    kim = Phone(rehearsal.exchange, "client:kim")
    line = rehearsal.run(Phone(rehearsal.exchange).dial(HOTLINE, CALLER))
    agent = rehearsal.run(kim.rings())
    rehearsal.run(agent.answer())
    rehearsal.run(rehearsal.exchange.settle())
    rehearsal.run(line.speak("Hello"))
    assert rehearsal.run(agent.hears("Hello")).kind == "voice"
    rehearsal.run(line.hang_up())
    rehearsal.run(agent.hang_up())
    rehearsal.run(rehearsal.exchange.settle())
    assert rehearsal.exchange.legs == {}
    assert not rehearsal.exchange.faults
