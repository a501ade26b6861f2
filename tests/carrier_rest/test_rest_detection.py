"""Machine detection through the API, as the official client asks for it."""

import pytest

from carrier.phone import Phone

OWN = "+8643112345"


@pytest.fixture
def machine(served):
    """An answering machine under client:kim: `machine()` lets it pick up, and returns its line."""

    async def phone():
        return Phone(served.exchange, "client:kim")

    telephone = served.wait(phone())

    def pick_up():
        async def answer():
            line = await telephone.rings()
            await line.answer(machine=True)
            await served.exchange.settle()
            return line

        return served.wait(answer())

    return pick_up


@pytest.mark.parametrize(
    ("mode", "told"), [("Enable", "machine_start"), ("DetectMessageEnd", "machine_end_beep")]
)
def test_the_call_and_its_webhook_say_that_a_machine_answered(client, machine, app, ask, judge, mode, told):
    call = client.calls.create(
        to="client:kim",
        from_=OWN,
        url=app.url + "/voice",
        machine_detection=mode,
        machine_detection_timeout=20,
        machine_detection_silence_timeout=3000,
    )
    assert call.answered_by is None
    machine()
    assert [params["AnsweredBy"] for path, params, _ in app.came if path == "/voice"] == [told]
    assert client.calls(call.sid).fetch().answered_by == told
    assert judge("GET", "/Calls/{Sid}.json", ask("GET", f"/Calls/{call.sid}.json"))["answered_by"] == told
    assert client.monitor.v1.alerts.list() == []


def test_in_the_background_its_own_callback_is_told(client, machine, app):
    client.calls.create(
        to="client:kim",
        from_=OWN,
        url=app.url + "/voice",
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=app.url + "/amd",
    )
    machine()
    assert {path: params.get("AnsweredBy") for path, params, _ in app.came} == {
        "/amd": "machine_start",
        "/voice": None,
    }


def test_a_participant_is_listened_to_as_well(client, machine, app):
    client.conferences("talk").participants.create(
        from_=OWN,
        to="client:kim",
        machine_detection="Enable",
        amd_status_callback=app.url + "/amd",
    )
    line = machine()
    assert client.calls(line.sid).fetch().answered_by == "machine_start"
    assert [params["CallSid"] for path, params, _ in app.came if path == "/amd"] == [line.sid]
    assert client.monitor.v1.alerts.list() == []
