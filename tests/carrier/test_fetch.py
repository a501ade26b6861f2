"""How webhooks are asked: signature, cookies, redirects, timeouts, retries, fallback, content types."""

import asyncio
import socket

import pytest
from aiohttp import web
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from carrier.fetch import Patience, sign
from carrier.phone import Phone
from tests.carrier.conftest import TOKEN, Handler, World

HELLO = "<Say>Hello</Say>"
SORRY = "We are sorry, an application error has occurred. Goodbye."


def answering(status: int = 200, text: str = "", kind: str = "text/xml", **headers: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type=kind, headers=headers)

    return answer


def twiml(verbs: str = HELLO, kind: str = "text/xml") -> Handler:
    return answering(text=f"<Response>{verbs}</Response>", kind=kind)


async def never(request: web.Request) -> web.Response:
    """Take the request and say nothing until the carrier has lost its patience."""
    while not request.protocol.transport or not request.protocol.transport.is_closing():
        await asyncio.sleep(0.01)
    return web.Response()


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_signature_is_what_twilio_would_sign(world: World, method: str) -> None:
    world.app.on("/a", "")
    url = "/a?x=1&amp;name=%E4%BA%BA%20b"
    line = await world.call(f'<Gather numDigits="2" method="{method}" action="{url}"/>')
    await world.exchange.advance(1)
    await line.press("*7")
    await line.ends()
    asked = world.app.asked[-1]
    sent = asked.params if method == "POST" else {}
    posted = {name: value for name, value in sent.items() if name not in ("x", "name")}
    assert asked.params["Digits"] == "*7"
    assert asked.params["name"] == "人 b"
    signature = asked.headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(asked.url, posted, signature)
    assert not RequestValidator("another").validate(asked.url, posted, signature)


async def test_cookies_are_kept_for_the_call_and_not_for_the_next(world: World) -> None:
    seen: list[str] = []

    async def count(request: web.Request) -> web.Response:
        seen.append(request.cookies.get("visits", ""))
        answer = web.Response(
            text="<Response><Pause/><Redirect>/in</Redirect></Response>", content_type="text/xml"
        )
        answer.set_cookie("visits", str(len(seen)))
        return answer

    world.app.on("/in", count, count, "")
    await (await Phone(world.exchange).dial("+8643112345")).ends()
    world.app.on("/in", count, "")
    await (await Phone(world.exchange).dial("+8643112345")).ends()
    assert seen == ["", "1", ""]


async def test_ten_redirects_are_followed_by_get_with_the_parameters(world: World) -> None:
    for hop in range(10):
        world.app.on(f"/{hop}", answering(302, Location=f"/{hop + 1}"))
    world.app.on("/10", HELLO)
    line = await world.call("<Redirect>/0</Redirect>")
    await line.hears("Hello")
    asked = world.app.asked[-1]
    assert (asked.method, asked.params["CallSid"]) == ("GET", line.sid)
    assert RequestValidator(TOKEN).validate(asked.url, {}, asked.headers["X-Twilio-Signature"])


async def test_307_keeps_the_method(world: World) -> None:
    world.app.on("/0", answering(307, Location="/1"))
    world.app.on("/1", HELLO)
    await (await world.call("<Redirect>/0</Redirect>")).hears("Hello")
    assert world.app.asked[-1].method == "POST"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answering(302, Location="/bad"), 11215),
        (answering(302), 11216),
        (answering(304, Location="/in"), 11216),
        (answering(500), 11217),
        (answering(404), 11217),
        (answering(text=""), 11770),
        (answering(text="<Response><Say>"), 12100),
        (answering(text="<!DOCTYPE x><Response/>"), 12100),
        (answering(text="<Reply/>"), 12102),
        (answering(text="<Response>" + " " * 70_000 + "</Response>"), 11750),
        (answering(text="{}", kind="application/json"), 12300),
    ],
)
async def test_what_cannot_be_used_is_an_alert_and_the_caller_hears_an_apology(
    world: World, answer: Handler, code: int
) -> None:
    world.app.on("/bad", answer)
    line = await world.call("<Redirect>/bad</Redirect>")
    await line.hears(SORRY)
    assert await line.ends() == "completed"
    assert world.codes() == [code]
    assert world.exchange.alerts[0].call_sid == line.sid


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "text/html", "text/plain"])
async def test_twiml_comes_under_four_names(world: World, kind: str) -> None:
    world.app.on("/a", twiml(kind=kind))
    await (await world.call("<Redirect>/a</Redirect>")).hears("Hello")


async def test_plain_text_is_spoken_and_sound_is_played(world: World) -> None:
    world.app.on("/text", answering(text="Just words", kind="text/plain"))
    await (await world.call("<Redirect>/text</Redirect>")).hears("Just words")
    played = await (await world.call("<Redirect>/two-seconds.wav</Redirect>")).hears("/two-seconds.wav")
    assert played.kind == "play"


async def test_the_fallback_is_asked_at_once_with_what_went_wrong(world: World) -> None:
    number = next(iter(world.exchange.numbers.values()))
    world.exchange.update_number(number.sid, voice_fallback_url=world.app.url + "/fallback")
    world.app.on("/fallback", "<Say>We are still here</Say>")
    world.app.on("/bad", answering(500))
    line = await world.call("<Redirect>/bad</Redirect>")
    await line.hears("We are still here")
    asked = world.app.requests("/fallback")[0]
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11217", world.app.url + "/bad")


async def test_a_fallback_that_fails_as_well_ends_the_call(world: World) -> None:
    number = next(iter(world.exchange.numbers.values()))
    world.exchange.update_number(number.sid, voice_fallback_url=world.app.url + "/bad")
    world.app.on("/bad", answering(500))
    line = await world.call("<Redirect>/worse</Redirect>")
    await line.hears(SORRY)
    assert await line.ends() == "completed"
    assert world.codes() == [11217, 11217]


async def test_only_a_failed_connection_is_tried_again_by_default(world: World) -> None:
    world.app.on("/bad", answering(500), HELLO)
    await (await world.call("<Redirect>/bad</Redirect>")).hears(SORRY)
    assert len(world.app.requests("/bad")) == 1


async def test_the_url_says_what_else_is_tried_again_and_the_token_stays(world: World) -> None:
    world.app.on("/bad", answering(503), answering(502), HELLO)
    await (await world.call("<Redirect>/bad#rc=2&amp;rp=5xx</Redirect>")).hears("Hello")
    tokens = [one.headers["I-Twilio-Idempotency-Token"] for one in world.app.asked]
    assert len(tokens) == 4
    assert len(set(tokens[1:])) == 1
    assert tokens[0] != tokens[1]


async def test_an_answer_that_takes_too_long_is_given_up(world: World) -> None:
    world.app.on("/slow", never)
    await (await world.call("<Redirect>/slow#rt=100</Redirect>")).hears(SORRY)
    await (await world.call("<Redirect>/slow#tt=150</Redirect>")).hears(SORRY)
    assert world.codes() == [11203, 11203]


async def test_nobody_there_is_a_refused_connection(world: World) -> None:
    line = await world.call(f"<Redirect>http://127.0.0.1:{unused_port()}/</Redirect>")
    await line.hears(SORRY)
    assert world.codes() == [11202]


async def test_an_address_that_cannot_be_asked_is_an_alert(world: World) -> None:
    await (await world.call("<Redirect>mailto:kim</Redirect>")).hears(SORRY)
    assert len(world.codes()) == 1


def test_patience_out_of_range_keeps_its_default() -> None:
    assert Patience.of("ct=5&rt=99999&tt=x&rc=9&rp=4xx,ct") == Patience(retry_on=frozenset({"4xx", "ct"}))
    assert Patience.of(f"ct={'1' * 5000}&rc=²") == Patience()
    assert Patience.of("ct=100&rt=200&tt=300&rc=0") == Patience(0.1, 0.2, 0.3, 0)
    assert Patience.of("rp=all").tries_again("rt")
    assert not Patience.of("rp=all").tries_again("")


def test_a_parameter_that_comes_twice_is_signed_once() -> None:
    pairs = [("A", "1"), ("B", "2"), ("A", "1"), ("A", "0")]
    assert sign(TOKEN, "http://a.test/", pairs) == RequestValidator(TOKEN).compute_signature(
        "http://a.test/", MultiDict(pairs)
    )
    assert sign(TOKEN, "http://a.test/", pairs) == sign(TOKEN, "http://a.test/", set(pairs))
