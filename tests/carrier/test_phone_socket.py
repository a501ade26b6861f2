"""Telephones by WebSocket: the same doings, on the real clock, against a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from carrier.app import create_app
from carrier.clock import RealClock
from carrier.exchange import Exchange
from carrier.phone import DidNotHear, Phone
from carrier.socket import Extension, routes
from carrier.wire import NoCarrier
from tests.carrier.conftest import CALLER, HOTLINE, TOKEN, World


class RealWorld(World):
    """The world with the time of day, and the telephones' socket on a server of its own."""

    async def __aenter__(self) -> "RealWorld":
        self.clock = RealClock()  # type: ignore[assignment] # everything else in World is the same
        await super().__aenter__()
        self.socket = await served(self.exchange)
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await super().__aexit__(*trouble)
        await self.socket.close()

    @asynccontextmanager
    async def connected(self, address: str | None = None) -> AsyncIterator[Phone]:
        """A telephone on the socket."""
        sid = self.exchange.account.sid
        phone = await Phone.connect(str(self.socket.make_url("")), sid, TOKEN, address)
        yield phone
        await phone.close()


async def served(exchange: Exchange, port: int = 0) -> TestServer:
    app = web.Application()
    app.add_routes(routes(exchange))
    server = TestServer(app, port=port)
    await server.start_server()
    return server


@pytest.fixture
def world(tmp_path: Path) -> RealWorld:
    return RealWorld(tmp_path)


async def test_a_caller_dials_hears_presses_and_hangs_up(world: RealWorld) -> None:
    world.app.on("/in", '<Gather numDigits="1" action="/key"><Say language="ko-KR">4번</Say></Gather>')
    world.app.on("/key", "<Say>Thank you</Say><Pause length='60'/>")
    async with world.connected() as phone:
        line = await phone.dial(HOTLINE, CALLER)
        heard = await line.hears("4번")
        assert (heard.language, heard.kind) == ("ko-KR", "say")
        await line.press("4")
        await line.hears("Thank you")
        assert line.status == "in-progress"
        await line.hang_up()
        assert await line.ends() == "completed"


async def test_two_telephones_talk(world: RealWorld) -> None:
    world.app.on("/in", "<Dial><Client>kim</Client></Dial>")
    async with world.connected("client:kim") as kim, world.connected() as phone:
        line = await phone.dial(HOTLINE, CALLER)
        ringing = await kim.rings()
        assert (ringing.from_, ringing.to, ringing.status) == (CALLER, "client:kim", "ringing")
        await ringing.answer()
        await line.hears("ringing")
        while not world.exchange.legs[line.sid].audience:
            await asyncio.sleep(0.01)
        await line.speak("여보세요", "ko-KR")
        assert (await ringing.hears("여보세요")).kind == "voice"
        await ringing.hang_up()
        assert await line.ends() == "completed"


async def test_a_telephone_is_told_the_parameters_of_its_client(world: RealWorld) -> None:
    parameters = '<Parameter name="ticket" value="2603020001"/><Parameter name="lang" value="ko"/>'
    world.app.on("/in", f"<Dial><Client><Identity>kim</Identity>{parameters}</Client></Dial>")
    async with world.connected("client:kim") as kim, world.connected() as phone:
        await phone.dial(HOTLINE, CALLER)
        assert (await kim.rings()).parameters == {"ticket": "2603020001", "lang": "ko"}


async def test_a_telephone_that_goes_away_hangs_up(world: RealWorld) -> None:
    world.app.on("/in", "<Pause length='60'/><Say>Never</Say>")
    async with world.connected() as phone:
        line = await phone.dial(HOTLINE, CALLER)
    assert line.status == "failed"
    call = world.exchange.calls[line.sid]
    assert await world.clock.until(lambda: not call.live, 10)


async def test_a_decline_is_busy(world: RealWorld) -> None:
    async with world.connected("client:kim") as kim:
        call = world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>")
        await (await kim.rings()).decline()
        assert await world.clock.until(lambda: call.status == "busy", 10)


async def test_a_text_message_comes_in(world: RealWorld) -> None:
    async with world.connected("+8613900001111") as phone:
        message = world.exchange.send_message(to="+86 139 0000 1111", from_=HOTLINE, body="Ticket 7 closed")
        assert (await phone.reads("Ticket 7")).from_ == HOTLINE
        assert message.status == "delivered"
        lost = world.exchange.send_message(to="+861", from_=HOTLINE, body="?")
        assert await world.clock.until(lambda: lost.status == "undelivered", 10)


async def test_the_wrong_account_is_refused(world: RealWorld) -> None:
    url = str(world.socket.make_url(""))
    with pytest.raises(NoCarrier, match="401"):
        await Phone.connect(url, world.exchange.account.sid, "wrong")


async def test_nobody_there(world: RealWorld) -> None:
    with pytest.raises(NoCarrier, match=r"no carrier at http://127\.0\.0\.1:1"):
        await Phone.connect("http://127.0.0.1:1", "AC", "x")


async def test_a_telephone_comes_back_by_itself(world: RealWorld) -> None:
    async with world.connected("client:kim") as kim:
        port = world.socket.port
        assert port is not None
        for close in world.exchange.closing:
            await close()
        await world.socket.close()
        assert await world.clock.until(lambda: world.exchange.telephone("client:kim") is None, 10)
        world.socket = await served(world.exchange, port)
        registered = world.exchange.telephone
        while registered("client:kim") is None:
            await asyncio.sleep(0.02)
        world.exchange.create_call(to="client:kim", from_=HOTLINE, twiml="<Response/>")
        assert (await kim.rings()).live


async def test_frames_that_are_not_understood_are_refused(world: RealWorld) -> None:
    headers = {"Authorization": aiohttp.encode_basic_auth(world.exchange.account.sid, TOKEN)}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(world.socket.make_url("/phone"), headers=headers) as socket,
    ):
        for frame in ("not json", "[]", "[" * 200_000, '{"do": "dance"}', '{"do": "dial"}'):
            await socket.send_str(frame)
            assert (await socket.receive_json())["event"] == "refused"
        await socket.send_str('{"do": "press", "sid": "CA-of-somebody-else", "words": "1"}')
        await socket.send_str('{"do": "register", "address": "client:kim"}')
        assert (await socket.receive_json())["event"] == "registered"


async def test_half_a_character_makes_nobody_deaf(world: RealWorld) -> None:
    world.app.on("/in", "<Dial><Client>kim</Client></Dial>")
    async with world.connected() as caller, world.connected("client:kim") as kim:
        line = await caller.dial(HOTLINE, "\ud800")
        assert line.from_ == "\ufffd"
        theirs = await kim.rings()
        await theirs.answer()
        while not world.exchange.legs[line.sid].audience:
            await asyncio.sleep(0.01)
        await line.speak("cut in the middle of an emoji \ud83d")
        await theirs.hears("an emoji \ufffd")
        await line.speak("and on we go")
        await theirs.hears("and on we go")


class Gone(web.WebSocketResponse):
    """A telephone that goes while its ping is being answered."""

    async def __anext__(self) -> aiohttp.WSMessage:
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    async def send_str(self, *_words: object) -> None:  # type: ignore[override]
        pass

    async def close(self, **_how: object) -> bool:  # type: ignore[override]
        return True


async def test_a_telephone_that_goes_while_its_ping_is_answered_has_only_gone(world: RealWorld) -> None:
    extension = Extension(world.exchange, Gone())
    extension.obey({"do": "register", "address": "client:kim"})
    async with asyncio.timeout(30):
        await extension.serve()
    assert world.exchange.telephone("client:kim") is None
    assert not world.exchange.faults


async def test_a_telephone_that_cannot_be_told_something_is_let_go_and_comes_back(world: RealWorld) -> None:
    async with world.connected("client:kim") as kim:
        deaf = world.exchange.telephone("client:kim")
        assert isinstance(deaf, Extension)
        deaf.send("heard", text=object())
        async with asyncio.timeout(30):
            while world.exchange.telephone("client:kim") in (deaf, None):
                await asyncio.sleep(0.02)
        world.exchange.send_message(to="client:kim", from_=HOTLINE, body="Hello again")
        await kim.reads("Hello again")
    assert [type(fault) for fault in world.exchange.faults] == [TypeError]
    world.exchange.faults.clear()


@pytest.mark.parametrize("login", [b"Basic \xff\xfe", b"Basic", b"Bearer x"])
async def test_a_login_that_is_none_is_refused(world: RealWorld, login: bytes) -> None:
    reader, writer = await asyncio.open_connection(world.socket.host, world.socket.port)
    writer.write(b"GET /phone HTTP/1.1\r\nHost: x\r\nAuthorization: " + login + b"\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()


async def test_a_telephone_that_says_no_goodbye_does_not_keep_the_carrier_from_stopping(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carrier.socket.LAST_WORDS", 0.2)
    server = TestServer(create_app(world.exchange))
    await server.start_server()
    headers = {"Authorization": aiohttp.encode_basic_auth(world.exchange.account.sid, TOKEN)}
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(server.make_url("/phone"), headers=headers)
        await socket.send_str('{"do": "register", "address": "client:kim"}')
        while world.exchange.telephone("client:kim") is None:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(3):
            await server.close()
        assert world.exchange.telephone("client:kim") is None


async def test_what_is_not_heard_is_said_in_wall_time(world: RealWorld) -> None:
    world.app.on("/in", "<Pause length='60'/>")
    async with world.connected() as phone:
        line = await phone.dial(HOTLINE, CALLER)
        with pytest.raises(DidNotHear):
            await line.hears("Anything", within=0.05)


async def silent(port: int = 0, registers: bool = True) -> TestServer:
    """A carrier that is gone without a word: it takes a connection, and answers no ping."""

    async def phone(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if registers:
            await socket.send_json({"event": "registered"})
        while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSED:
            pass
        return socket

    app = web.Application()
    app.add_routes([web.get("/phone", phone)])
    server = TestServer(app, port=port)
    await server.start_server()
    return server


async def test_a_telephone_leaves_a_connection_that_is_dead(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carrier.wire.HEARTBEAT", 0.2)
    dead = await silent()
    port = dead.port
    assert port is not None
    phone = await Phone.connect(str(dead.make_url("")), world.exchange.account.sid, TOKEN, "client:kim")
    await dead.close()
    again = await served(world.exchange, port)
    async with asyncio.timeout(30):
        while world.exchange.telephone("client:kim") is None:
            await asyncio.sleep(0.02)
    await phone.close()
    await again.close()


async def test_a_telephone_asks_again_with_growing_pauses(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def paused(clock: RealClock, seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0.01)

    monkeypatch.setattr(RealClock, "sleep", paused)
    monkeypatch.setattr("carrier.wire.HEARTBEAT", 0.2)
    carrier = await silent()
    phone = await Phone.connect(str(carrier.make_url("")), world.exchange.account.sid, TOKEN, "client:kim")
    await carrier.close()
    async with asyncio.timeout(30):
        while len(pauses) < 7:
            await asyncio.sleep(0.01)
    await phone.close()
    assert pauses[:7] == [0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]


async def test_a_carrier_that_comes_back_and_never_registers_is_asked_again(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carrier.wire.HEARTBEAT", 0.2)
    monkeypatch.setattr("carrier.wire.ANSWER_WITHIN", 0.2)
    carrier = await silent()
    port = carrier.port
    assert port is not None
    phone = await Phone.connect(str(carrier.make_url("")), world.exchange.account.sid, TOKEN, "client:kim")
    monkeypatch.setattr("carrier.wire.HEARTBEAT", 20)
    await carrier.close()
    deaf = await silent(port, registers=False)
    async with asyncio.timeout(30):
        while phone.connected:
            await asyncio.sleep(0.01)
        while not phone.connected:  # it tries
            await asyncio.sleep(0.01)
        while phone.connected:  # and gives up
            await asyncio.sleep(0.01)
    await phone.close()
    await deaf.close()


async def test_a_telephone_hangs_up_on_a_carrier_that_talks_nonsense(world: RealWorld) -> None:
    """And comes back; it isn't there twice."""
    came: list[web.WebSocketResponse] = []

    async def babble(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        came.append(socket)
        await socket.send_json({"event": "registered"})
        await socket.send_bytes(b"?")
        async for _ in socket:
            pass
        return socket

    app = web.Application()
    app.add_routes([web.get("/phone", babble)])
    carrier = TestServer(app)
    await carrier.start_server()
    phone = await Phone.connect(str(carrier.make_url("")), world.exchange.account.sid, TOKEN, "client:kim")
    async with asyncio.timeout(10):
        while len(came) < 2:
            await asyncio.sleep(0.01)
    assert came[0].closed
    await phone.close()
    await carrier.close()


async def test_a_missed_pong_is_a_lost_connection(world: RealWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carrier.wire.HEARTBEAT", 0.2)
    dead = await silent()
    phone = await Phone.connect(str(dead.make_url("")), world.exchange.account.sid, TOKEN, "client:kim")
    async with asyncio.timeout(30):
        while phone.connected:
            await asyncio.sleep(0.02)
        while not phone.connected:  # and it has come back by itself
            await asyncio.sleep(0.02)
    await phone.close()
    await dead.close()


async def test_a_carrier_that_never_registers_is_no_carrier(
    world: RealWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carrier.wire.ANSWER_WITHIN", 0.2)
    dead = await silent(registers=False)
    async with asyncio.timeout(5):
        with pytest.raises(NoCarrier):
            await Phone.connect(str(dead.make_url("")), world.exchange.account.sid, TOKEN, "client:kim")
    await dead.close()
