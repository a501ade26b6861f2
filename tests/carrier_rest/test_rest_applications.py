"""TwiML Apps through the API, and calls that are placed for one."""

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.phone import Phone

OWN = "+8643112345"
ALL, ONE = "/Applications.json", "/Applications/{Sid}.json"


def test_an_application_is_made_changed_and_removed(client, ask, judge, app):
    data = {"FriendlyName": "browsers", "VoiceUrl": app.url + "/voice", "VoiceMethod": "GET"}
    made = judge("POST", ALL, ask("POST", ALL, data=data))
    assert (made["friendly_name"], made["voice_method"], made["status_callback"]) == ("browsers", "GET", None)
    assert [one.sid for one in client.applications.list(friendly_name="browsers")] == [made["sid"]]
    assert client.applications.list(friendly_name="others") == []
    changes = {"VoiceUrl": "", "StatusCallback": app.url + "/status"}
    changed = judge("POST", ONE, ask("POST", f"/Applications/{made['sid']}.json", data=changes))
    assert (changed["voice_url"], changed["status_callback"]) == (None, app.url + "/status")
    assert client.applications(made["sid"]).delete()
    assert client.applications.list() == []


def test_a_call_for_an_application_asks_its_webhooks_and_reports_to_it(served, client, app):
    async def phone():
        return Phone(served.exchange, "client:kim")

    async def talk():
        line = await kim.rings()
        await line.answer()
        await line.hears("您好")
        await line.hang_up()
        await served.exchange.settle()

    kim = served.wait(phone())
    made = client.applications.create(voice_url=app.url + "/voice", status_callback=app.url + "/status")
    client.calls.create(to="client:kim", from_=OWN, application_sid=made.sid, url="http://127.0.0.1:9/no")
    served.wait(talk())
    assert [path for path, *_ in app.came] == ["/voice", "/status"]
    assert app.statuses() == ["completed"]


def test_an_application_that_answers_nothing_places_no_call(client):
    silent = client.applications.create(friendly_name="silent")
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to="client:kim", from_=OWN, application_sid=silent.sid)
    assert (refused.value.status, refused.value.code) == (400, 21218)
    assert client.calls.list() == []
