"""A carrier served from a thread, asked by the official client and by plain HTTP."""

import asyncio
import inspect
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import requests
from aiohttp import web
from openapi_schema_validator import OAS30Validator
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from carrier.clock import RealClock
from carrier.exchange import Exchange
from carrier.model import Account, Call, Number
from carrier.phone import Phone
from carrier.rest.app import rest_app

ACCOUNT = Account(sid="AC" + "a" * 32, token="secret")
OWN = "+8643112345"
WELCOME = "<Response><Say language='zh-CN'>您好</Say><Pause length='60'/></Response>"
EXTRACT = json.loads((Path(__file__).parent.parent / "data" / "twilio_openapi_extract.json").read_text())


class Redirected(TwilioHttpClient):
    """The supported hook of the official client: Twilio's hosts become `base`."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=20)
        self.base = base

    def request(self, method, url, *args, **kwargs):
        for host in ("https://api.twilio.com", "https://monitor.twilio.com"):
            url = url.replace(host, self.base)
        return super().request(method, url, *args, **kwargs)


class Served:
    """A carrier at `url`; `do` runs a function in its event loop."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.exchange = self.do(lambda: Exchange(ACCOUNT, RealClock(), folder, ""))
        now = datetime.now(UTC)
        voice = {"friendly_name": "Hotline", "voice_url": "http://127.0.0.1:9/voice"}
        number = Number("PN" + "1" * 32, ACCOUNT.sid, OWN, now, now, **voice)
        self.exchange.numbers[number.sid] = number
        self.runner, self.url = self.wait(self._start())
        self.exchange.public_url = self.url

    async def _start(self):
        self.app = rest_app(self.exchange)
        runner = web.AppRunner(self.app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"

    def do(self, function: Callable[[], object]):
        async def run():
            return function()

        return self.wait(run())

    def wait(self, action: Coroutine):
        """What `action` gives when it has run in the carrier's loop."""
        return asyncio.run_coroutine_threadsafe(action, self.loop).result(40)

    def stop(self) -> None:
        self.wait(self.exchange.close())
        self.wait(self.runner.cleanup())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(20)
        self.loop.close()


@dataclass
class App:
    """A Twilio application in one page: answers every webhook with TwiML and keeps what came."""

    url: str = ""
    documents: dict[str, str] = field(default_factory=lambda: {"/voice": WELCOME})
    came: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    def statuses(self) -> list[str]:
        return [params["CallStatus"] for path, params, _ in self.came if path == "/status"]


@pytest.fixture
def app() -> Iterator[App]:
    this = App()

    class Webhooks(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            params = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            this.came.append((self.path, params, self.headers["X-Twilio-Signature"]))
            document = this.documents.get(self.path, "").encode()
            self.send_response(200 if document else 204)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *words):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Webhooks)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    this.url = f"http://127.0.0.1:{server.server_port}"
    yield this
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test in an event loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True


@pytest.fixture
def redirected() -> type[Redirected]:
    return Redirected


@pytest.fixture
def extract() -> dict:
    """What this carrier serves, as Twilio's OpenAPI file describes it."""
    return EXTRACT


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    carrier = Served(tmp_path)
    yield carrier
    carrier.stop()
    assert carrier.exchange.faults == []


@pytest.fixture
def exchange(served: Served) -> Exchange:
    return served.exchange


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    http = Redirected(served.url)
    yield Client(ACCOUNT.sid, ACCOUNT.token, http_client=http)
    http.session.close()


@pytest.fixture
def ask(served: Served) -> Iterator[Callable[..., requests.Response]]:
    """`ask("GET", "/Calls.json")`: a plain request below the account, with its credentials."""
    with requests.Session() as session:

        def send(method: str, path: str, **kwargs) -> requests.Response:
            base = (
                "" if path.startswith(("/v1", "/health", "/2010")) else f"/2010-04-01/Accounts/{ACCOUNT.sid}"
            )
            kwargs.setdefault("auth", (ACCOUNT.sid, ACCOUNT.token))
            return session.request(method, served.url + base + path, timeout=20, **kwargs)

        yield send


@pytest.fixture
def past_call(exchange: Exchange) -> Callable[..., Call]:
    """Put a call into the carrier's books that is over: `past_call(minutes_ago=5)`."""

    def put(minutes_ago: float = 0, *, started: datetime | None = None, **fields) -> Call:
        start = started or datetime.now(UTC) - timedelta(minutes=minutes_ago)
        sid = f"CA{len(exchange.calls):032x}"
        call = Call(
            **{
                "sid": sid,
                "account_sid": ACCOUNT.sid,
                "from_": "+12025550100",
                "to": OWN,
                "direction": "inbound",
                "date_created": start,
                "date_updated": start,
                "status": "completed",
                "start_time": start,
                "end_time": start + timedelta(seconds=15),
                "duration": 15,
            }
            | fields
        )
        exchange.calls[sid] = call
        return call

    return put


@pytest.fixture
def judge() -> Callable[[str, str, requests.Response], object]:
    """Hold an answer to Twilio's OpenAPI file: its schema, and the keys of the file's own examples."""

    def check(method: str, path: str, response: requests.Response) -> object:
        top = {"": "/2010-04-01/Accounts/{Sid}.json", "s": "/2010-04-01/Accounts.json"}
        where = top.get(path, "/2010-04-01/Accounts/{AccountSid}" + path)
        operation = EXTRACT["paths"][where][method.lower()]
        content = operation["responses"][str(response.status_code)]["content"]["application/json"]
        examples = [example["value"] for example in content["examples"].values()]
        body = response.json()
        schema = content["schema"] | {"components": EXTRACT["components"]}
        OAS30Validator(schema).validate(_without_known_nulls(body, examples))
        _same_keys(body, examples)
        return body

    return check


def _without_known_nulls(body, examples):
    """The file's examples hold null where some of its schemas forgot to say nullable: those nulls pass."""
    if not isinstance(body, dict):
        return body
    kept = {}
    for key, value in body.items():
        known = [example.get(key) for example in examples if isinstance(example, dict) and key in example]
        if value is None and None in known:
            continue
        if isinstance(value, list):
            inner = [one for items in known for one in items or ()]
            value = [_without_known_nulls(one, inner) for one in value]
        kept[key] = value
    return kept


def _same_keys(body: dict, examples: list[dict]) -> None:
    """No key more than all the examples together have, and none fewer than they have in common."""
    names = [set(example) for example in examples]
    assert set.intersection(*names) <= set(body) <= set.union(*names)
    for key, value in body.items():
        if isinstance(value, list):
            inner = [one for example in examples for one in example.get(key) or ()]
            for one in value:
                _same_keys(one, inner)
        if key == "subresource_uris":  # what a carrier lacks it has no link to
            assert set(value) <= {name for example in examples for name in example.get(key) or ()}


@pytest.fixture
def line(served, client, app):
    """A caller who talks to the app."""
    client.incoming_phone_numbers("PN" + "1" * 32).update(voice_url=app.url + "/voice")

    async def dial():
        line = await Phone(served.exchange).dial("+8643112345")
        await line.hears("您好")
        return line

    return served.wait(dial())
