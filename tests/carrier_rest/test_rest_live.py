"""What the API does to calls that live: queues, conferences, recordings, messages, numbers.

Each answer is held to Twilio's file, and each act is told by what the telephones hear.
"""

from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.phone import Line, Phone

OWN = "+8643112345"
QUEUED = "<Response><Enqueue waitUrl=''>people</Enqueue></Response>"
JOINED = (
    "<Response><Dial><Conference participantLabel='{label}' waitUrl='' beep='false'>talk</Conference></Dial>"
    "<Say>after the talk</Say><Pause length='60'/></Response>"
)


@pytest.fixture
def answered(served, client) -> Callable[[str, str], Line]:
    """`answered("client:kim", twiml)`: a placed call whose telephone has picked up."""

    def place(address: str, twiml: str) -> Line:
        async def phone():
            return Phone(served.exchange, address)

        async def pick_up():
            line = await telephone.rings()
            await line.answer()
            return line

        telephone = served.wait(phone())
        client.calls.create(to=address, from_=OWN, twiml=twiml)
        return served.wait(pick_up())

    return place


def wait_for(served, true: Callable[[], bool]) -> None:
    assert served.wait(served.exchange.clock.until(true, 20))


def test_a_call_is_created_as_twilios_file_says(ask, judge, served):
    answer = ask("POST", "/Calls.json", data={"To": "client:kim", "From": OWN, "Twiml": "<Response/>"})
    body = judge("POST", "/Calls.json", answer)
    assert (body["status"], body["direction"], body["to"]) == ("queued", "outbound-api", "client:kim")


def test_a_call_is_updated_as_twilios_file_says(ask, judge, answered):
    line = answered("client:kim", "<Response><Pause length='60'/></Response>")
    body = judge(
        "POST", "/Calls/{Sid}.json", ask("POST", f"/Calls/{line.sid}.json", data={"Status": "completed"})
    )
    assert body["status"] == "completed"
    assert body["duration"].isdigit()


def test_a_queue_lives_its_life(client, ask, judge):
    made = judge("POST", "/Queues.json", ask("POST", "/Queues.json", data={"FriendlyName": "people"}))
    assert (made["max_size"], made["current_size"], made["average_wait_time"]) == (1000, 0, 0)
    queue = client.queues(made["sid"])
    answer = ask("POST", f"/Queues/{made['sid']}.json", data={"MaxSize": "7", "FriendlyName": "agents"})
    changed = judge("POST", "/Queues/{Sid}.json", answer)
    assert (changed["max_size"], changed["friendly_name"]) == (7, "agents")
    assert queue.delete()
    with pytest.raises(TwilioRestException) as gone:
        queue.fetch()
    assert gone.value.code == 20404


def test_a_waiting_caller_is_taken_out_of_the_queue(served, client, app, answered, ask, judge):
    app.documents["/join"] = "<Response><Say>your turn</Say><Pause length='60'/></Response>"
    first, second = answered("client:one", QUEUED), answered("client:two", QUEUED)
    wait_for(served, lambda: [queue.current_size for queue in served.exchange.queues.values()] == [2])
    (queue,) = client.queues.list()
    assert [(one.call_sid, one.position) for one in queue.members.list()] == [(first.sid, 1), (second.sid, 2)]
    assert queue.members(second.sid).fetch().position == 2
    with pytest.raises(TwilioRestException) as kept:
        queue.delete()
    assert kept.value.status == 400
    path = f"/Queues/{queue.sid}/Members/Front.json"
    answer = ask("POST", path, data={"Url": app.url + "/join"})
    assert judge("POST", "/Queues/{QueueSid}/Members/{CallSid}.json", answer)["call_sid"] == first.sid
    served.wait(first.hears("your turn"))
    assert [one.call_sid for one in queue.members.list()] == [second.sid]
    with pytest.raises(TwilioRestException) as left:
        queue.members(first.sid).update(url=app.url + "/join")
    assert left.value.status == 404
    queue.members(second.sid).update(url=app.url + "/join", method="POST")
    served.wait(second.hears("your turn"))
    assert queue.fetch().current_size == 0
    assert queue.delete()


@pytest.fixture
def talk(served, client, answered):
    """Two people in a conference: the lines, and the conference."""
    one = answered("client:one", JOINED.format(label="caller"))
    two = answered("client:two", JOINED.format(label="agent-7"))
    wait_for(served, lambda: any(len(it.participants) == 2 for it in served.exchange.conferences.values()))
    (conference,) = client.conferences.list(status="in-progress")
    return one, two, conference


def test_who_talks_is_listed_muted_held_and_coached(served, talk, ask, judge):
    one, two, conference = talk
    people = conference.participants
    assert [(who.call_sid, who.label) for who in people.list()] == [(one.sid, "caller"), (two.sid, "agent-7")]
    path = f"/Conferences/{conference.sid}/Participants/agent-7.json"
    kind = "/Conferences/{ConferenceSid}/Participants/{CallSid}.json"
    assert judge("POST", kind, ask("POST", path, data={"Muted": "true"}))["muted"] is True
    assert judge("POST", kind, ask("POST", path, data={"Hold": "true"}))["hold"] is True
    assert [who.label for who in people.list(hold=True)] == ["agent-7"]
    assert [who.label for who in people.list(muted=False)] == ["caller"]
    back = people("agent-7").update(muted=False, hold=False)
    assert (back.muted, back.hold) == (False, False)
    served.wait(one.speak("hello"))
    served.wait(two.hears("hello"))
    assert people(two.sid).update(end_conference_on_exit=True).end_conference_on_exit is True
    assert people(two.sid).update(coaching=True, call_sid_to_coach=one.sid).call_sid_to_coach == one.sid


def test_something_is_announced_to_one_and_to_all(served, talk, app):
    one, two, conference = talk
    app.documents["/bell"] = "<Response><Say>ding</Say></Response>"
    app.documents["/gong"] = "<Response><Say>dong</Say></Response>"
    conference.participants("caller").update(announce_url=app.url + "/bell")
    served.wait(one.hears("ding"))
    conference.update(announce_url=app.url + "/gong")
    served.wait(one.hears("dong"))
    served.wait(two.hears("dong"))
    assert "ding" not in [heard.text for heard in two.heard]


def test_who_is_taken_out_goes_on_with_the_document(served, talk, client):
    one, _, conference = talk
    assert conference.participants("caller").delete()
    served.wait(one.hears("after the talk"))
    with pytest.raises(TwilioRestException) as gone:
        conference.participants("caller").fetch()
    assert gone.value.code == 20404
    assert [who.label for who in conference.participants.list()] == ["agent-7"]


def test_a_conference_is_ended_for_all(served, talk, ask, judge, client):
    _, two, conference = talk
    answer = ask("POST", f"/Conferences/{conference.sid}.json", data={"Status": "completed"})
    body = judge("POST", "/Conferences/{Sid}.json", answer)
    assert (body["status"], body["reason_conference_ended"]) == ("completed", "conference-ended-via-api")
    served.wait(two.hears("after the talk"))
    assert conference.participants.list() == []
    assert client.conferences.list(friendly_name="talk", status="completed")[0].sid == conference.sid


def test_somebody_is_called_into_a_conference_by_name_and_by_sid(served, ask, judge, client):
    async def phone(address):
        return Phone(served.exchange, address)

    async def pick_up(telephone):
        await (await telephone.rings()).answer()

    kim, pak = served.wait(phone("client:kim")), served.wait(phone("client:pak"))
    data = {
        "To": "client:kim",
        "From": OWN,
        "Label": "agent-7",
        "EndConferenceOnExit": "true",
        "Beep": "false",
    }
    answer = ask("POST", "/Conferences/case/Participants.json", data=data)
    made = judge("POST", "/Conferences/{ConferenceSid}/Participants.json", answer)
    assert (made["label"], made["end_conference_on_exit"]) == ("agent-7", True)
    served.wait(pick_up(kim))
    (conference,) = client.conferences.list(friendly_name="case")
    assert conference.sid == made["conference_sid"]
    client.conferences(conference.sid).participants.create(to="client:pak", from_=OWN, label="agent-8")
    served.wait(pick_up(pak))
    wait_for(served, lambda: len(served.exchange.conferences[conference.sid].participants) == 2)
    assert [who.label for who in conference.participants.list()] == ["agent-7", "agent-8"]


def test_a_message_is_recorded_heard_and_deleted(served, client, ask, judge, answered):
    line = answered("client:kim", "<Response><Record playBeep='false' timeout='1' maxLength='5'/></Response>")
    served.wait(line.speak("please call back"))
    wait_for(served, lambda: any(one.status == "completed" for one in served.exchange.recordings.values()))
    (recording,) = client.recordings.list(call_sid=line.sid)
    judge("GET", "/Recordings/{Sid}.json", ask("GET", f"/Recordings/{recording.sid}.json"))
    assert client.calls(line.sid).recordings.list()[0].sid == recording.sid
    sound = ask("GET", f"/Recordings/{recording.sid}.wav")
    assert sound.content[:4] == b"RIFF"
    assert recording.media_url == f"{served.url}{recording.uri.removesuffix('.json')}"
    assert recording.delete()
    assert client.recordings.list() == []
    assert ask("GET", f"/Recordings/{recording.sid}.wav").status_code == 404


def test_a_text_is_delivered_to_the_telephone_under_the_number(served, ask, judge, client):
    async def phone():
        return Phone(served.exchange, "+8613800000000")

    telephone = served.wait(phone())
    data = {"To": "+8613800000000", "From": OWN, "Body": "您的工单 2603020001 已受理"}
    made = judge("POST", "/Messages.json", ask("POST", "/Messages.json", data=data))
    assert made["num_segments"] == "1"
    assert served.wait(telephone.reads("2603020001")).from_ == OWN
    wait_for(served, lambda: served.exchange.messages[made["sid"]].status == "delivered")
    assert client.messages(made["sid"]).fetch().date_sent is not None
    nobody = client.messages.create(to="+8613811111111", from_=OWN, body="x")
    wait_for(served, lambda: served.exchange.messages[nobody.sid].status in ("undelivered", "failed"))
    assert [one.sid for one in client.messages.list(to="+8613811111111")] == [nobody.sid]


def test_a_webhook_that_fails_is_told_in_the_debugger_log(served, client):
    async def dial():
        line = await Phone(served.exchange).dial(OWN)
        await line.ends()
        return line.sid

    sid = served.wait(dial())
    (alert,) = client.monitor.v1.alerts.list(log_level="error")
    assert (alert.resource_sid, alert.request_method) == (sid, "POST")
    assert alert.request_url == "http://127.0.0.1:9/voice"
    assert alert.error_code in ("11200", "11202")
    assert client.monitor.v1.alerts(alert.sid).fetch().alert_text == alert.alert_text


def test_blanks_around_an_address_are_not_part_of_it(served, client, app):
    client.incoming_phone_numbers("PN" + "1" * 32).update(voice_url=f" {app.url}/voice ")
    assert next(iter(served.exchange.numbers.values())).voice_url == f"{app.url}/voice"


def test_a_number_as_people_write_it_is_the_same_number(client):
    call = client.calls.create(to="+86 (138) 0000-0000", from_="+86 431 12345", twiml="<Response/>")
    assert (call.to, call._from) == ("+8613800000000", OWN)


def test_a_number_is_added_dialled_changed_and_removed(served, client, app, ask, judge):
    data = {"PhoneNumber": "+8643199999", "VoiceUrl": app.url + "/voice", "FriendlyName": "Second"}
    made = judge("POST", "/IncomingPhoneNumbers.json", ask("POST", "/IncomingPhoneNumbers.json", data=data))

    async def dial():
        line = await Phone(served.exchange).dial("+8643199999")
        await line.hears("您好")
        return line

    line = served.wait(dial())
    assert client.calls(line.sid).fetch().phone_number_sid == made["sid"]
    changes = {"VoiceUrl": "", "StatusCallback": app.url + "/status", "VoiceMethod": "get"}
    answer = ask("POST", f"/IncomingPhoneNumbers/{made['sid']}.json", data=changes)
    changed = judge("POST", "/IncomingPhoneNumbers/{Sid}.json", answer)
    assert (changed["voice_url"], changed["voice_method"], changed["friendly_name"]) == ("", "GET", "Second")
    number = client.incoming_phone_numbers(made["sid"])
    assert number.delete()
    assert [one.phone_number for one in client.incoming_phone_numbers.list()] == [OWN]
