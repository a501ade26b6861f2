"""Written calls, played at a carrier whose clock is driven."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from carrier.clock import ManualClock
from carrier.exchange import Exchange
from carrier.model import Account
from carrier.phone import Phone
from terminal.play import Differs, play
from terminal.script import Script, Step

HOTLINE = "+8643112345"
MENU = """<Response><Gather numDigits="1" action="/korean">
<Say language="ko-KR">한국어는 4번을 눌러 주세요.</Say></Gather>
<Say>大家好</Say></Response>"""
KOREAN = """<Response><Say language="ko-KR">상담원을 연결합니다.</Say><Say>您的编号是 26112300042，谢谢。
</Say><Record maxLength="10"/></Response>"""


def played(*steps):
    """Play these steps, one a line from line 3 on; everything the caller heard."""
    numbered = tuple(Step(line, *step) for line, step in enumerate(steps, 3))
    script = Script("config/calls/korean.yml", "", "+8643188880001", None, None, numbered)

    async def call():
        async def menu(request):
            return web.Response(text=MENU, content_type="text/xml")

        async def korean(request):
            return web.Response(text=KOREAN, content_type="text/xml")

        application = web.Application()
        application.add_routes([web.post("/in", menu), web.post("/korean", korean)])
        server = TestServer(application)
        await server.start_server()
        exchange = Exchange(Account("AC" + "0" * 32, "token"), ManualClock(), Path(), "http://carrier.test")
        exchange.add_number(HOTLINE, voice_url=str(server.make_url("/in")))
        try:
            return await play(script, Phone(exchange), HOTLINE)
        finally:
            await exchange.close()
            await server.close()

    return asyncio.run(call())


def test_a_call_that_goes_as_written():
    line = played(
        ("hears", "한국어는 4번"),
        ("presses", "w4"),
        ("hears", "상담원"),
        ("hears", "您的编号是 ... 谢谢"),
        ("waits", "2"),
        ("says", "여보세요"),
        ("hangs up",),
    )
    assert line.status == "completed"


def test_the_hotline_ends_the_call():
    assert played(("hears", "大家好"), ("ends", "completed")).status == "completed"


def test_a_call_left_open_is_hung_up():
    assert played(("hears", "한국어는")).status == "completed"


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (
            [("hears", "日本語は3")],
            r'korean.yml:3: did not hear "日本語は3" .*heard "한국어는 4번을 눌러 주세요."',
        ),
        (
            [("hears", "한국어는"), ("presses", "4"), ("hears", "大家好")],
            r'korean.yml:5: did not hear "大家好"',
        ),
        (
            [("hears", "한국어는"), ("presses", "4"), ("hears", "您的编号是 ... 再见")],
            r'korean.yml:5: did.*; "您的.*谢谢。" is not "您的编号是 ... 再见"',
        ),
        (
            [("hears", "한국어는"), ("ends", "completed", 1.0)],
            r"korean.yml:4: the call .* has not ended within 1 s",
        ),
        ([("hears", "大家好"), ("ends", "busy")], r"korean.yml:4: the call ended as completed, not as busy"),
        (
            [("hears", "大家好"), ("waits", "60"), ("presses", "4")],
            r"korean.yml:5: the caller presses 4, but the call has ended \(completed\)",
        ),
        (
            [("hears", "大家好"), ("waits", "60"), ("hangs up",)],
            r"korean.yml:5: the caller hangs up, but the call has ended \(completed\)",
        ),
    ],
)
def test_where_it_differs_is_a_sentence_with_its_line(steps, sentence):
    with pytest.raises(Differs, match=sentence):
        played(*steps)
