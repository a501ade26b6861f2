"""Whole calls, as a telephone hears them."""

from tests.carrier.conftest import CALLER, HOTLINE, World

MENU = """<Gather numDigits="1" action="/key"><Say language="ko-KR">한국어는 4번</Say></Gather>
<Redirect>/silent</Redirect>"""


async def test_a_caller_presses_a_key_and_hears_the_answer(world: World) -> None:
    world.app.on("/key", "<Say>Thank you</Say><Hangup/>")
    line = await world.call(MENU)
    heard = await line.hears("한국어는 4번")
    await line.press("4")
    await line.hears("Thank you")
    assert await line.ends() == "completed"
    assert heard.language == "ko-KR"
    assert heard.kind == "say"
    asked = world.app.requests("/key")[0]
    assert (asked["Digits"], asked["From"], asked["To"]) == ("4", CALLER, HOTLINE)
    assert asked["CallStatus"] == "in-progress"


async def test_only_the_keys_of_a_telephone_are_digits(world: World) -> None:
    world.app.on("/menu", "")
    line = await world.call('<Gather numDigits="3" action="/menu"/>')
    await world.exchange.settle()
    world.exchange.act(line.sid, "press", "你1x&A \n#")
    await line.ends()
    assert world.app.requests("/menu")[0]["Digits"] == "1A"


async def test_a_caller_who_presses_nothing_falls_through_after_the_timeout(world: World) -> None:
    world.app.on("/silent", "<Say>Please wait</Say>")
    line = await world.call(MENU)
    begun = world.clock.now()
    heard = await line.hears("Please wait")
    prompt = world.exchange.medium.seconds("한국어는 4번")
    assert (heard.at - begun).total_seconds() == prompt + 5
