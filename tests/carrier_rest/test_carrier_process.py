"""The real process, a small TwiML application, the official client, and a telephone on a WebSocket."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from carrier.phone import Phone

pytestmark = pytest.mark.processes
OWN = "+8643112345"
SID, TOKEN = "AC" + "c" * 32, "process-token"


@dataclass
class Carrier:
    process: subprocess.Popen
    url: str
    told: list[str]


@pytest.fixture
def carrier(app, tmp_path) -> Iterator[Carrier]:
    command = [sys.executable, "-m", "carrier", "--port", "0", "--data", str(tmp_path / "data")]
    command += ["--number", f"{OWN}={app.url}/voice", "--status", f"{OWN}={app.url}/status"]
    environ = os.environ | {"CARRIER_ACCOUNT_SID": SID, "CARRIER_AUTH_TOKEN": TOKEN}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        ready = process.stdout.readline()
        yield Carrier(process, ready.split()[3], [ready])
        process.kill()


@pytest.fixture
def client(carrier, redirected) -> Iterator[Client]:
    http = redirected(carrier.url)
    yield Client(SID, TOKEN, http_client=http)
    http.session.close()


def test_one_ready_line_says_where_who_and_which_numbers(carrier):
    assert carrier.told[0] == f"carrier ready at {carrier.url} for account {SID} with {OWN}\n"
    assert requests.get(carrier.url + "/health", timeout=20).json()["status"] == "ok"


async def test_a_placed_call_is_answered_talked_and_ended(carrier, client, app):
    kim = await Phone.connect(carrier.url, SID, TOKEN, "client:kim")
    call = await asyncio.to_thread(
        client.calls.create,
        to="client:kim",
        from_=OWN,
        url=app.url + "/voice",
        status_callback=app.url + "/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert call.status == "queued"
    line = await kim.rings()
    await line.answer()
    await line.hears("您好")
    assert (await asyncio.to_thread(call.fetch)).status == "in-progress"
    await line.hang_up()
    assert await line.ends() == "completed"
    over = await asyncio.to_thread(call.fetch)
    assert (over.status, over.direction, over.to) == ("completed", "outbound-api", "client:kim")
    await kim.close()
    path, params, signature = next(one for one in app.came if one[0] == "/voice")
    assert RequestValidator(TOKEN).validate(app.url + path, params, signature)
    await _until(lambda: sorted(app.statuses()) == ["completed", "in-progress", "initiated", "ringing"])


async def test_a_live_call_is_ended_and_redirected_by_the_client(carrier, client, app):
    caller = await Phone.connect(carrier.url, SID, TOKEN, "+8613800000000")
    line = await caller.dial(OWN, "+8613800000000")
    await line.hears("您好")
    (call,) = await asyncio.to_thread(client.calls.list, status="in-progress")
    assert (call.sid, call.from_formatted, call.direction) == (line.sid, "+8613800000000", "inbound")
    await asyncio.to_thread(call.update, twiml="<Response><Say>再见</Say><Pause length='60'/></Response>")
    await line.hears("再见")
    await asyncio.to_thread(call.update, status="completed")
    assert await line.ends() == "completed"
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(call.update, url=app.url + "/voice")
    assert refused.value.code == 21220
    await caller.close()


async def test_a_call_nobody_can_take_fails_and_a_waiting_one_is_cancelled(carrier, client, app):
    nobody = await asyncio.to_thread(client.calls.create, to="client:nobody", from_=OWN, twiml="<Response/>")

    async def status(sid):
        return (await asyncio.to_thread(client.calls(sid).fetch)).status

    while (ended := await status(nobody.sid)) in ("queued", "ringing"):
        await asyncio.sleep(0.05)
    assert ended in ("failed", "no-answer", "busy")
    kim = await Phone.connect(carrier.url, SID, TOKEN, "client:kim")
    ringing = await asyncio.to_thread(client.calls.create, to="client:kim", from_=OWN, twiml="<Response/>")
    line = await kim.rings()
    await asyncio.to_thread(ringing.update, status="canceled")
    assert await line.ends() == "canceled"
    assert await status(ringing.sid) == "canceled"
    await kim.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_cleanly_and_reports_the_calls_that_it_ends(carrier, app, number):
    caller = await Phone.connect(carrier.url, SID, TOKEN)
    line = await caller.dial(OWN)
    await line.hears("您好")
    carrier.process.send_signal(number)
    assert await asyncio.to_thread(carrier.process.wait, 30) == 0
    assert app.statuses() == ["completed"]
    await caller.close()


async def test_after_a_kill_it_starts_again_on_the_same_port(carrier, app):
    port = carrier.url.rsplit(":", 1)[1]
    carrier.process.kill()
    await asyncio.to_thread(carrier.process.wait, 30)
    environ = os.environ | {"CARRIER_ACCOUNT_SID": SID, "CARRIER_AUTH_TOKEN": TOKEN}
    command = [sys.executable, "-m", "carrier", "--port", port]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as again:
        assert "no number yet" in again.stdout.readline()
        again.terminate()


def test_a_made_up_account_is_printed_before_the_ready_line():
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CARRIER_")}
    command = [sys.executable, "-m", "carrier", "--port", "0"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        sid, token, ready = (process.stdout.readline().strip() for _ in range(3))
        process.terminate()
    assert sid.startswith("CARRIER_ACCOUNT_SID=AC")
    assert token.startswith("CARRIER_AUTH_TOKEN=")
    assert sid.partition("=")[2] in ready


async def _until(true, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)
