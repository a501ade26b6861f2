"""The client and the doctor against the local carrier itself, over HTTP."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from carrier.clock import RealClock
from carrier.exchange import Exchange
from carrier.model import Account
from carrier.rest.app import rest_app
from telephony.carrier import Carrier, Gone, Refused
from telephony.doctor import Setup, examine
from telephony.links import Links
from telephony.signature import Signature

ACCOUNT, TOKEN, NUMBER = "AC" + "a" * 32, "b" * 32, "+8643112345"
NOWHERE = "http://127.0.0.1:9/none"
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class Local:
    """The carrier in a thread of its own, for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url, self.ready = folder, "", threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.thread.start()
        assert self.ready.wait(30)

    async def _run(self) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        self.exchange = Exchange(Account(ACCOUNT, TOKEN), RealClock(), self.folder, "http://127.0.0.1")
        runner = web.AppRunner(rest_app(self.exchange), access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.ready.set()
        await self.stop.wait()
        await self.exchange.close()
        await runner.cleanup()

    def add_number(self, links: Links) -> None:
        added = threading.Event()

        def add() -> None:
            self.exchange.add_number(
                NUMBER,
                friendly_name=NUMBER,
                voice_url=links.incoming(),
                voice_fallback_url=links.fallback(),
                status_callback=links.status(),
            )
            added.set()

        self.loop.call_soon_threadsafe(add)
        assert added.wait(10)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(30)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    local = Local(tmp_path)
    yield local
    local.close()


@pytest.fixture
def carrier(local: Local) -> Iterator[Carrier]:
    local.add_number(Links("http://127.0.0.1:9"))
    carrier = Carrier(ACCOUNT, TOKEN, local.url, environ={})
    yield carrier
    carrier.close()


def test_a_ring_is_live_until_it_is_hung_up(carrier: Carrier) -> None:
    before = datetime.now(UTC)
    sid = carrier.ring("client:kim", NUMBER, NOWHERE, NOWHERE, 20)
    assert carrier.fetch_call(sid) in ("queued", "ringing", "failed")
    found = {leg.sid for leg in carrier.find_ring("client:kim", before)}
    assert found == {leg.sid for leg in carrier.live_calls()}
    assert carrier.find_ring("client:kim", before + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda carrier: carrier.redirect("CA" + "0" * 32, NOWHERE),
        lambda carrier: carrier.hang_up("CA" + "0" * 32),
        lambda carrier: carrier.take_from_queue("QU" + "0" * 32, "CA" + "0" * 32, NOWHERE),
        lambda carrier: carrier.hold("CF" + "0" * 32, "caller", True, NOWHERE),
        lambda carrier: carrier.find_conference("nobody's"),
    ],
)
def test_what_is_over_is_gone(ask: Callable[[Carrier], None], carrier: Carrier) -> None:
    with pytest.raises(Gone):
        ask(carrier)


def test_an_unknown_call_has_no_status(carrier: Carrier) -> None:
    assert carrier.fetch_call("CA" + "0" * 32) is None


def test_a_number_of_somebody_else_is_refused_as_caller(carrier: Carrier) -> None:
    with pytest.raises(Refused) as error:
        carrier.ring("+8643188880001", "+8610000000", NOWHERE, NOWHERE, 20)
    assert error.value.code == 21210


def test_a_wrong_token_is_refused(local: Local) -> None:
    carrier = Carrier(ACCOUNT, "c" * 32, local.url, environ={})
    with pytest.raises(Refused) as error:
        carrier.live_calls()
    carrier.close()
    assert (error.value.status, error.value.code) == (401, 20003)


def test_the_doctor_finds_the_local_carrier_well(local, serve) -> None:
    def hold(asked):
        right = Signature(TOKEN).matches(
            Links(front.url).asked(asked.path), asked.form, asked.headers.get("x-twilio-signature")
        )
        return (200, TWIML, {"Content-Type": "text/xml"}) if right else (403, "", {})

    front = serve(hold)
    local.add_number(Links(front.url))
    findings = examine(Setup("local", local.url, front.url, NUMBER, ACCOUNT, TOKEN), {})
    assert [finding.level for finding in findings] == ["fine"] * 3, [str(finding) for finding in findings]


def test_the_doctor_tells_what_the_local_carrier_lacks(local: Local) -> None:
    told = "\n".join(
        map(str, examine(Setup("local", local.url, "http://127.0.0.1:9", NUMBER, ACCOUNT, TOKEN), {}))
    )
    assert f"the number {NUMBER} does not belong to the account" in told
    told = "\n".join(
        map(str, examine(Setup("local", local.url, "http://127.0.0.1:9", NUMBER, ACCOUNT, "c" * 32), {}))
    )
    assert "does not accept the credentials (401)" in told
