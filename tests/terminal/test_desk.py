"""The desk's side of the seat API: what it sends, and what it makes of the answers."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from terminal.desk import Away, Desk, NotPossible, Seat
from web.seat_token import agent_of

SECRET = "a key for desks"
READY = {"agent": "kim", "state": "ready", "reason": None, "then": None, "talk": None, "since": "2026-11-24"}


def asked(work, *answers):
    """Let `work(desk)` ask a hotline that gives these answers; its result and the requests."""
    requests = []
    given = list(answers)

    async def answer(request):
        owner = agent_of(SECRET, request.headers["Authorization"].removeprefix("Bearer "))
        requests.append(
            (request.method, request.path, owner, await request.json() if request.can_read_body else None)
        )
        status, body = given.pop(0)
        return web.json_response(body, status=status) if body is not None else web.Response(status=status)

    async def run():
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", answer)
        server = TestServer(application)
        await server.start_server()
        desk = Desk(str(server.make_url("")).rstrip("/"), SECRET, "kim")
        try:
            return await work(desk)
        finally:
            await desk.close()
            await server.close()

    return asyncio.run(run()), requests


def test_the_seat_is_shown_with_a_token_of_its_own():
    seat, requests = asked(lambda desk: desk.show(), (200, READY))
    assert seat == Seat("ready", None, None, None)
    assert requests == [("GET", "/seat/kim", "kim", None)]


def test_a_pause_has_its_reason():
    _, requests = asked(lambda desk: desk.do("pause", reason="lunch"), (200, READY))
    assert requests == [("POST", "/seat/kim/pause", "kim", {"reason": "lunch"})]


def test_what_is_not_possible_is_said_in_the_hotlines_words():
    with pytest.raises(NotPossible, match="there is nobody to hang up on"):
        asked(lambda desk: desk.do("hang-up"), (409, {"error": "there is nobody to hang up on"}))


@pytest.mark.parametrize("answer", [(503, {"error": "no database"}), (500, None), (200, None)])
def test_a_hotline_that_is_ill_is_away(answer):
    with pytest.raises(Away):
        asked(lambda desk: desk.show(), answer)


def test_a_hotline_that_is_not_there_is_away():
    async def ask():
        desk = Desk("http://127.0.0.1:1", SECRET, "kim")
        try:
            await desk.show()
        finally:
            await desk.close()

    with pytest.raises(Away):
        asyncio.run(ask())
