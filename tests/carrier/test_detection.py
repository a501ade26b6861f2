"""Answering machines: what a scripted telephone plays, and what the app is told of it, where it asked."""

import pytest

from carrier.detection import Detection
from carrier.model import Call, Callback, Request
from tests.carrier.conftest import CALLER, World


async def placed(world: World, detection: Detection | None, machine: bool) -> Call:
    """A call that a telephone has picked up; its document asks /next."""
    world.app.on("/agent", "<Redirect>/next</Redirect>")
    for path in ("/next", "/status", "/amd"):
        world.app.on(path, "")
    kim = world.phone("client:kim")
    call = world.exchange.create_call(
        to="client:kim",
        from_=CALLER,
        request=Request(world.app.url + "/agent"),
        callback=Callback(world.app.url + "/status", events=("ringing", "completed")),
        detection=detection,
    )
    line = await kim.rings()
    assert call.answered_by is None
    await line.answer(machine)
    await world.exchange.settle()
    return call


@pytest.mark.parametrize(
    ("detection", "machine", "told"),
    [
        (Detection(), False, "human"),
        (Detection(), True, "machine_start"),
        (Detection(message_end=True), False, "human"),
        (Detection(message_end=True), True, "machine_end_beep"),
        (None, False, None),
        (None, True, None),
    ],
)
async def test_every_request_from_the_answer_on_says_who_answered(
    world: World, detection: Detection | None, machine: bool, told: str | None
) -> None:
    call = await placed(world, detection, machine)
    assert [one.params.get("AnsweredBy") for one in world.app.asked] == [None, told, told, told]
    assert call.answered_by == told


@pytest.mark.parametrize(("machine", "told"), [(False, "human"), (True, "machine_start")])
async def test_in_the_background_only_its_callback_is_told(world: World, machine: bool, told: str) -> None:
    callback = Callback(world.app.url + "/amd", "GET")
    call = await placed(world, Detection(background=True, callback=callback), machine)
    assert world.app.requests("/amd") == [
        {
            "AccountSid": call.account_sid,
            "CallSid": call.sid,
            "AnsweredBy": told,
            "MachineDetectionDuration": "0",
        }
    ]
    assert [one.path for one in world.app.asked if "AnsweredBy" in one.params] == ["/amd"]
    assert call.answered_by == told


@pytest.mark.parametrize(("noun", "address"), [("Number", "+8613900000000"), ("Sip", "sip:kim@example.org")])
async def test_a_noun_that_is_dialled_asks_for_it_too(world: World, noun: str, address: str) -> None:
    world.app.on("/amd", "")
    phone = world.phone(address)
    listen = 'machineDetection="DetectMessageEnd" machineDetectionTimeout="40" amdStatusCallback="/amd"'
    line = await world.call(f"<Dial><{noun} {listen}>{address}</{noun}></Dial>")
    agent = await phone.rings()
    await agent.answer(machine=True)
    await world.exchange.settle()
    (told,) = world.app.requests("/amd")
    assert (told["AnsweredBy"], told["CallSid"]) == ("machine_end_beep", agent.sid)
    assert (world.exchange.calls[line.sid].answered_by, world.codes()) == (None, [])


async def test_a_participant_asks_for_it_too(world: World) -> None:
    world.app.on("/amd", "")
    kim, callback = world.phone("client:kim"), Callback(world.app.url + "/amd")
    world.exchange.add_participant(
        "talk", from_=CALLER, to="client:kim", detection=Detection(background=True, callback=callback)
    )
    await (await kim.rings()).answer()
    await world.exchange.settle()
    assert world.app.requests("/amd")[0]["AnsweredBy"] == "human"


async def test_a_mode_that_is_none_is_a_warning_and_asks_for_nothing(world: World) -> None:
    phone = world.phone("+8613900000000")
    wrong = 'machineDetection="Guess" machineDetectionTimeout="2"'
    await world.call(f"<Dial><Number {wrong}>+8613900000000</Number></Dial>")
    agent = await phone.rings()
    await agent.answer(machine=True)
    await agent.hang_up()
    await world.exchange.settle()
    assert (world.exchange.calls[agent.sid].answered_by, world.codes()) == (None, [12200, 12200])
