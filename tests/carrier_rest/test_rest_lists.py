"""Lists: every list of the API against Twilio's file, paging, filters."""

from datetime import UTC, date, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioException

from carrier.model import Alert, Application, Conference, Member, Message, Participant, Queue, Recording

SID = "AC" + "a" * 32
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def furnished(exchange, past_call, tmp_path):
    """One of everything, so that every list has something to show."""
    call = past_call(status="in-progress", end_time=None, duration=None)
    queue = Queue("QU" + "1" * 32, SID, "people", NOW, NOW)
    queue.members.append(Member(call.sid, queue.sid, NOW))
    conference = Conference("CF" + "1" * 32, SID, "talk", NOW, NOW, status="in-progress")
    conference.participants[call.sid] = Participant(call.sid, conference.sid, SID, NOW, NOW, label="agent-7")
    recording = Recording(
        "RE" + "1" * 32,
        SID,
        call.sid,
        NOW,
        NOW,
        NOW,
        tmp_path / "it.wav",
        "RecordVerb",
        4,
        status="completed",
    )
    recording.conference_sid = conference.sid
    message = Message(
        "SM" + "1" * 32, SID, "+8643112345", "+8613800000000", "您好", NOW, NOW, status="delivered"
    )
    app = Application("AP" + "1" * 32, SID, NOW, NOW, friendly_name="browsers")
    exchange.applications[app.sid] = app
    exchange.queues[queue.sid] = queue
    exchange.conferences[conference.sid] = conference
    exchange.recordings[recording.sid] = recording
    exchange.messages[message.sid] = message
    exchange.alerts.append(Alert("NO" + "1" * 32, SID, 11200, "no answer", NOW, call_sid=call.sid))
    return exchange


LISTS = {
    "s": "/2010-04-01/Accounts.json",
    "/Applications.json": "/Applications.json",
    "/Calls.json": "/Calls.json",
    "/Queues.json": "/Queues.json",
    "/Queues/{QueueSid}/Members.json": f"/Queues/QU{'1' * 32}/Members.json",
    "/Conferences.json": "/Conferences.json",
    "/Conferences/{ConferenceSid}/Participants.json": f"/Conferences/CF{'1' * 32}/Participants.json",
    "/Conferences/{ConferenceSid}/Recordings.json": f"/Conferences/CF{'1' * 32}/Recordings.json",
    "/Calls/{CallSid}/Recordings.json": f"/Calls/CA{'0' * 32}/Recordings.json",
    "/Recordings.json": "/Recordings.json",
    "/Messages.json": "/Messages.json",
    "/IncomingPhoneNumbers.json": "/IncomingPhoneNumbers.json",
}


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_what_twilios_file_says(path, furnished, ask, judge):
    body = judge("GET", path, ask("GET", LISTS[path]))
    (items,) = [value for value in body.values() if isinstance(value, list)]
    assert len(items) == 1


SINGLES = {
    "": "/2010-04-01/Accounts/" + SID + ".json",
    "/Applications/{Sid}.json": f"/Applications/AP{'1' * 32}.json",
    "/Calls/{Sid}.json": f"/Calls/CA{'0' * 32}.json",
    "/Queues/{Sid}.json": f"/Queues/QU{'1' * 32}.json",
    "/Queues/{QueueSid}/Members/{CallSid}.json": f"/Queues/QU{'1' * 32}/Members/Front.json",
    "/Conferences/{Sid}.json": f"/Conferences/CF{'1' * 32}.json",
    "/Conferences/{ConferenceSid}/Participants/{CallSid}.json": (
        f"/Conferences/CF{'1' * 32}/Participants/agent-7.json"
    ),
    "/Conferences/{ConferenceSid}/Recordings/{Sid}.json": (
        f"/Conferences/CF{'1' * 32}/Recordings/RE{'1' * 32}.json"
    ),
    "/Calls/{CallSid}/Recordings/{Sid}.json": f"/Calls/CA{'0' * 32}/Recordings/RE{'1' * 32}.json",
    "/Recordings/{Sid}.json": f"/Recordings/RE{'1' * 32}.json",
    "/Messages/{Sid}.json": f"/Messages/SM{'1' * 32}.json",
    "/IncomingPhoneNumbers/{Sid}.json": f"/IncomingPhoneNumbers/PN{'1' * 32}.json",
}


@pytest.mark.parametrize("path", SINGLES)
def test_every_resource_is_what_twilios_file_says(path, furnished, ask, judge):
    body = judge("GET", path, ask("GET", SINGLES[path]))
    assert ask("GET", body["uri"]).json() == body


def test_empty_lists_are_what_twilios_file_says(ask, judge):
    body = judge("GET", "/Calls.json", ask("GET", "/Calls.json"))
    assert (body["calls"], body["start"], body["end"], body["next_page_uri"]) == ([], 0, 0, None)


def test_pages_lead_forth_and_back(past_call, ask):
    for minutes in range(7):
        past_call(minutes)
    first = ask("GET", "/Calls.json", params={"PageSize": 3, "Status": "completed"}).json()
    second = ask("GET", first["next_page_uri"]).json()
    third = ask("GET", second["next_page_uri"]).json()
    assert [len(page["calls"]) for page in (first, second, third)] == [3, 3, 1]
    assert [(page["page"], page["start"], page["end"]) for page in (first, second, third)] == [
        (0, 0, 2),
        (1, 3, 5),
        (2, 6, 6),
    ]
    assert third["next_page_uri"] is None
    assert first["previous_page_uri"] is None
    assert "Status=completed" in first["next_page_uri"]
    assert ask("GET", third["previous_page_uri"]).json()["calls"] == second["calls"]
    assert ask("GET", second["previous_page_uri"]).json()["calls"] == first["calls"]
    assert ask("GET", second["uri"]).json() == second
    assert ask("GET", second["first_page_uri"]).json()["calls"] == first["calls"]


def test_the_client_streams_through_all_pages_newest_first(past_call, client):
    made = [past_call(started=NOW + timedelta(minutes=minute)).sid for minute in range(25)]
    assert [call.sid for call in client.calls.stream(page_size=4)] == made[::-1]
    assert len(client.calls.list(limit=7, page_size=3)) == 7


def test_a_list_that_grows_while_it_is_read_repeats_nothing(past_call, client):
    made = [past_call().sid for _ in range(6)]
    seen = []
    for call in client.calls.stream(page_size=2):
        seen.append(call.sid)
        past_call()
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"PageSize": "0"}, 20007),
        ({"PageSize": "1001"}, 20007),
        ({"PageSize": "many"}, 20007),
        ({"Page": "-1"}, 20001),
        ({"StartTime": "yesterday"}, 20001),
    ],
)
def test_a_page_that_cannot_be(ask, past_call, params, code):
    past_call()
    answer = ask("GET", "/Calls.json", params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_calls_are_filtered_by_their_ends_status_and_parent(past_call, client):
    one = past_call(to="client:kim", status="busy")
    two = past_call(from_="anonymous", parent_sid=one.sid)
    assert [call.sid for call in client.calls.list(to="client:kim")] == [one.sid]
    assert [call.sid for call in client.calls.list(from_="anonymous")] == [two.sid]
    assert [call.sid for call in client.calls.list(status="busy")] == [one.sid]
    assert [call.sid for call in client.calls.list(parent_call_sid=one.sid)] == [two.sid]
    assert client.calls.list(to="client:kim", status="completed") == []


DAY = date(2026, 3, 2)
FILTERS = [
    ({"start_time": DAY}, ["morning", "evening"]),
    ({"start_time_before": DAY}, ["before"]),
    ({"start_time_after": DAY}, ["morning", "evening", "after", "live"]),
    ({"start_time_after": DAY, "start_time_before": date(2026, 3, 3)}, ["morning", "evening"]),
    ({"start_time": datetime(2026, 3, 2, 8, 30, tzinfo=UTC)}, ["morning"]),
    ({"start_time_after": datetime(2026, 3, 2, 8, 31, tzinfo=UTC)}, ["evening", "after", "live"]),
    ({"end_time_after": date(2026, 3, 3)}, ["after"]),
]


@pytest.mark.parametrize(("filters", "names"), FILTERS)
def test_calls_are_filtered_by_time(past_call, client, filters, names):
    starts = {
        "before": datetime(2026, 3, 1, 23, 59, 30, tzinfo=UTC),
        "morning": datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        "evening": datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC),
        "after": datetime(2026, 3, 3, tzinfo=UTC),
    }
    sids = {past_call(started=start).sid: name for name, start in starts.items()}
    sids[past_call(started=datetime(2026, 3, 4, tzinfo=UTC), status="ringing", end_time=None).sid] = "live"
    assert [sids[call.sid] for call in client.calls.list(**filters)][::-1] == names


def test_conferences_and_participants_are_filtered(furnished, client):
    conference = "CF" + "1" * 32
    assert [one.sid for one in client.conferences.list(status="in-progress", friendly_name="talk")] == [
        conference
    ]
    assert client.conferences.list(status="completed") == []
    assert client.conferences.list(date_created_before=DAY) == []
    people = client.conferences(conference).participants
    assert [one.label for one in people.list(muted=False, hold=False)] == ["agent-7"]
    assert people.list(hold=True) == []
    assert people("agent-7").fetch().call_sid == "CA" + "0" * 32


def test_recordings_belong_to_their_call_and_conference(furnished, client, past_call):
    other = past_call()
    (recording,) = client.recordings.list(call_sid="CA" + "0" * 32)
    assert client.recordings.list(call_sid=other.sid) == []
    assert client.recordings.list(conference_sid="CF" + "2" * 32) == []
    assert client.calls(other.sid).recordings.list() == []
    assert recording.duration == "4"
    with pytest.raises(TwilioException):
        client.calls(other.sid).recordings(recording.sid).fetch()


def test_a_recording_is_heard_as_wav(furnished, ask, tmp_path):
    (tmp_path / "it.wav").write_bytes(b"RIFF")
    for path in (f"/Recordings/RE{'1' * 32}", f"/Recordings/RE{'1' * 32}.wav"):
        answer = ask("GET", path)
        assert (answer.content, answer.headers["Content-Type"]) == (b"RIFF", "audio/x-wav")
        assert ask("GET", path, auth=None).status_code == 401


def test_numbers_are_found_by_a_part_of_them(client):
    assert [one.phone_number for one in client.incoming_phone_numbers.list(phone_number="431")] == [
        "+8643112345"
    ]
    assert [one.sid for one in client.incoming_phone_numbers.list(phone_number="43*12")] == ["PN" + "1" * 32]
    assert client.incoming_phone_numbers.list(phone_number="999") == []
    assert client.incoming_phone_numbers.list(friendly_name="another") == []


def test_the_debugger_log_pages_with_absolute_addresses(exchange, client):
    for count in range(5):
        text = f"fault {count}"
        exchange.alerts.append(Alert(f"NO{count:032x}", SID, 11200, text, NOW + timedelta(minutes=count)))
    read = [alert.alert_text for alert in client.monitor.v1.alerts.stream(page_size=2)]
    assert read == [f"fault {count}" for count in (4, 3, 2, 1, 0)]
    alert = client.monitor.v1.alerts("NO" + "0" * 32).fetch()
    assert (alert.error_code, alert.log_level, alert.date_generated) == ("11200", "error", NOW)
    assert alert.more_info == "https://www.twilio.com/docs/errors/11200"
    assert client.monitor.v1.alerts.list(log_level="warning") == []
    later = client.monitor.v1.alerts.list(start_date=NOW + timedelta(minutes=3))
    assert [alert.alert_text for alert in later] == ["fault 4", "fault 3"]
