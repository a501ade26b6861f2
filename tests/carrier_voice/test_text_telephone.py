"""Telephones of text in the browser: what their access token allows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from carrier.model import Account
from carrier.text import LONGEST
from tests.carrier_voice.browser import token
from tests.carrier_voice.conftest import NUMBER, World


@asynccontextmanager
async def connected(world: World, signed: str | None = None) -> AsyncIterator["Page"]:
    """A page that has connected, and signed in with this token."""
    async with world.http.ws_connect(f"{world.url}/text") as socket:
        page = Page(socket)
        if signed is not None:
            await page.does("sign-in", token=signed)
        yield page


class Page:
    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def does(self, deed: str, **more: str) -> None:
        await self._socket.send_json({"do": deed, **more})

    async def is_told(self, event: str, **those: object) -> dict[str, Any]:
        """Wait for this; what comes before is not of interest."""
        while True:
            told: dict[str, Any] = await self._socket.receive_json(timeout=30)
            if told["event"] == event and those.items() <= told.items():
                return told


async def test_a_caller_by_text_dials_reads_presses_and_hangs_up(world: World) -> None:
    world.app.on("/voice", '<Gather numDigits="1" action="/key"><Say language="ko-KR">4번</Say></Gather>')
    world.app.on("/key", "<Say>Thank you</Say><Pause length='60'/>")
    async with connected(world, world.token("caller", incoming=False)) as page:
        await page.does("dial", to=NUMBER, **{"from": CALLER})
        sid = (await page.is_told("dialled"))["sid"]
        await page.is_told("heard", text="4번", language="ko-KR", kind="say")
        await page.does("press", sid=sid, words="4")
        await page.is_told("heard", text="Thank you")
        await page.does("hang-up", sid=sid)
        await page.is_told("ended", status="completed")


async def test_who_is_called_reads_what_the_other_writes_as_long_as_it_is(world: World) -> None:
    world.app.on("/voice", "<Dial><Client>kim</Client></Dial>")
    async with connected(world, world.token("kim")) as kim, connected(world, world.token("caller")) as caller:
        await kim.does("register")
        await kim.is_told("registered")
        await caller.does("dial", to=NUMBER, **{"from": CALLER})
        sid = (await caller.is_told("dialled"))["sid"]
        ringing = (await kim.is_told("rings"))["sid"]
        await kim.does("answer", sid=ringing)
        await kim.is_told("answered")
        await caller.does("speak", sid=sid, words="x" * (LONGEST + 1))
        await kim.is_told("heard", kind="voice", text="x" * LONGEST)


CALLER = "+8643188880001"
OTHER = Account("AC" + "f" * 32, "another token, of the same length or longer than it")


@pytest.mark.parametrize("wrong", ["", "a.b.c", token(OTHER, "kim")])
@pytest.mark.parametrize("deed", ["dial", "register"])
async def test_without_a_token_of_the_account_nothing_is_done(world: World, wrong: str, deed: str) -> None:
    async with connected(world, wrong) as page:
        await page.is_told("refused", code=20101)
        await page.does(deed, to=NUMBER, address="client:kim", **{"from": CALLER})
        await page.is_told("refused")
    assert not world.exchange.calls
    assert world.exchange.telephone("client:kim") is None


async def test_a_caller_does_not_ring_and_an_agent_rings_at_no_other_address(world: World) -> None:
    async with connected(world, world.token("caller", incoming=False)) as page:
        await page.does("register")
        await page.is_told("refused")
    async with connected(world, world.token("kim", outgoing=False)) as page:
        await page.does("dial", to=NUMBER, **{"from": CALLER})
        await page.is_told("refused")
        await page.does("register", address="client:pak")
        await page.is_told("registered")
        assert world.exchange.telephone("client:pak") is None
        assert world.exchange.telephone("client:kim") is not None


async def test_a_token_that_runs_out_ends_the_ringing_until_the_next(world: World) -> None:
    async with connected(world, world.token("kim", ttl=1)) as page:
        await page.does("register")
        await page.is_told("registered")
        await page.is_told("refused", code=20104)
        assert world.exchange.telephone("client:kim") is None
        await page.does("sign-in", token=world.token("kim"))
        await page.does("register")
        await page.is_told("registered")
        assert world.exchange.telephone("client:kim") is not None
