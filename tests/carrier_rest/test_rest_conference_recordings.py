"""Recordings that a placed call, a participant or a conference is asked for with, and changed by."""

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.phone import Phone

OWN = "+8643112345"
ONE = "/Conferences/{ConferenceSid}/Recordings/{Sid}.json"


@pytest.fixture
def pick_up(served):
    """`pick_up("kim")`: whoever is called under client:kim answers."""

    async def phone(name):
        return Phone(served.exchange, f"client:{name}")

    phones = {name: served.wait(phone(name)) for name in ("kim", "pak")}

    def answer(name):
        async def answered():
            line = await phones[name].rings()
            await line.answer()
            await served.exchange.settle()
            return line

        return served.wait(answered())

    return answer


def recordings(served):
    return list(served.exchange.recordings.values())


def test_a_placed_call_says_how_it_is_recorded(served, client, pick_up):
    client.calls.create(
        to="client:kim",
        from_=OWN,
        twiml="<Response><Pause length='60'/></Response>",
        record=True,
        recording_channels="dual",
        recording_track="inbound",
        trim="do-not-trim",
    )
    pick_up("kim")
    (recording,) = recordings(served)
    assert (recording.channels, recording.track, recording.trim) == (2, "inbound", False)
    assert client.recordings(recording.sid).fetch().channels == 2
    assert client.monitor.v1.alerts.list() == []


def test_what_is_not_said_is_mono_of_both_and_trimmed(served, client, pick_up):
    twiml = "<Response><Pause length='60'/></Response>"
    client.calls.create(to="client:kim", from_=OWN, twiml=twiml, record=True)
    line = pick_up("kim")
    (recording,) = recordings(served)
    assert (recording.channels, recording.track, recording.trim) == (1, "both", True)
    later = client.calls(line.sid).recordings.create()
    assert served.exchange.recordings[later.sid].trim is False


def test_a_conference_is_recorded_paused_resumed_and_stopped(served, client, ask, judge, app, pick_up):
    people = client.conferences("talk").participants
    people.create(
        from_=OWN,
        to="client:kim",
        conference_record="record-from-start",
        conference_trim="do-not-trim",
        conference_recording_status_callback=app.url + "/recorded",
        conference_recording_status_callback_event=["in-progress", "completed", "absent"],
    )
    pick_up("kim")
    people.create(from_=OWN, to="client:pak")
    pick_up("pak")
    (recording,) = recordings(served)
    assert (recording.source, recording.trim) == ("Conference", False)
    where = f"/Conferences/{recording.conference_sid}/Recordings/Twilio.CURRENT.json"
    paused = ask("POST", where, data={"Status": "paused", "PauseBehavior": "skip"})
    assert judge("POST", ONE, paused)["status"] == "paused"
    resumed = client.conferences(recording.conference_sid).recordings("Twilio.CURRENT")
    assert resumed.update(status="in-progress").sid == recording.sid
    served.wait(served.exchange.advance(0.1))
    assert judge("POST", ONE, ask("POST", where, data={"Status": "stopped"}))["status"] == "stopped"
    (listed,) = client.conferences(recording.conference_sid).recordings.list()
    assert (listed.sid, listed.status) == (recording.sid, "completed")
    served.wait(served.exchange.settle())
    told = [params for path, params, _ in app.came if path == "/recorded"]
    assert [one["RecordingStatus"] for one in told] == ["in-progress", "completed"]
    assert client.monitor.v1.alerts.list() == []
    with pytest.raises(TwilioRestException) as refused:
        client.conferences(recording.conference_sid).recordings(recording.sid).update(status="stopped")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_conference_that_is_not_there_has_no_recording_to_change(ask):
    answer = ask(
        "POST", f"/Conferences/CF{'1' * 32}/Recordings/Twilio.CURRENT.json", data={"Status": "stopped"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
