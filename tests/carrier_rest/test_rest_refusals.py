"""Each request that is refused, with Twilio's code for it; the carrier's books stay as they were."""

from datetime import UTC, datetime

import pytest

from carrier.model import Conference, Queue

OWN = "+8643112345"
CALL = {"To": "client:kim", "From": OWN, "Url": "http://127.0.0.1:9/agent"}
TALK = {"To": "client:kim", "From": OWN}
TEXT = {"To": "+8613800000000", "From": OWN, "Body": "您好"}
NOW = datetime(2026, 3, 2, tzinfo=UTC)
QUEUE, CONFERENCE = "QU" + "1" * 32, "CF" + "1" * 32

REFUSED = [
    ("/Calls.json", CALL, {"To": None}, 400, 21201),
    ("/Calls.json", CALL, {"From": None}, 400, 21213),
    ("/Calls.json", CALL, {"From": ""}, 400, 21213),
    ("/Calls.json", CALL, {"Url": None}, 400, 21205),
    ("/Calls.json", CALL, {"Url": "agent/offer"}, 400, 21205),
    ("/Calls.json", CALL, {"Url": "ftp://example.com/x"}, 400, 21205),
    ("/Calls.json", CALL, {"Url": "http://[broken"}, 400, 21205),
    ("/Calls.json", CALL, {"Url": None, "ApplicationSid": "AP" + "1" * 32}, 400, 21218),
    ("/Calls.json", CALL, {"FallbackUrl": "nowhere"}, 400, 21205),
    ("/Calls.json", CALL, {"StatusCallback": "nowhere"}, 400, 21609),
    ("/Calls.json", CALL, {"StatusCallback": "http://x/s", "StatusCallbackEvent": "sneezed"}, 400, 21626),
    ("/Calls.json", CALL, {"Method": "PUT"}, 400, 21209),
    ("/Calls.json", CALL, {"Timeout": "601"}, 400, 21208),
    ("/Calls.json", CALL, {"Timeout": "soon"}, 400, 21208),
    ("/Calls.json", CALL, {"SendDigits": "12x"}, 400, 21206),
    ("/Calls.json", CALL, {"SendDigits": "1" * 33}, 400, 21206),
    ("/Calls.json", CALL, {"TimeLimit": "0"}, 400, 20001),
    ("/Calls.json", CALL, {"Url": None, "Twiml": "x" * 4001}, 400, 32018),
    ("/Calls.json", CALL, {"From": "+12025550100"}, 400, 21210),
    ("/Calls.json", CALL, {"To": "+8613800000000", "From": "client:kim"}, 400, 21212),
    ("/Calls.json", CALL, {"To": "0431-12345"}, 400, 21211),
    ("/Calls.json", CALL, {"To": "+1"}, 400, 21211),
    ("/Calls.json", CALL, {"MachineDetection": "Guess"}, 400, 20001),
    ("/Calls.json", CALL, {"Trim": "both"}, 400, 20001),
    ("/Calls.json", CALL, {"RecordingChannels": "stereo"}, 400, 20001),
    ("/Calls.json", CALL, {"RecordingTrack": "left"}, 400, 20001),
    ("/Calls.json", CALL, {"MachineDetectionTimeout": "60"}, 400, 20001),
    ("/Calls.json", CALL, {"MachineDetection": "Enable", "AsyncAmdStatusCallback": "nowhere"}, 400, 21609),
    ("/Queues.json", {}, {}, 400, 20001),
    ("/Queues.json", {"FriendlyName": "new"}, {"MaxSize": "5001"}, 400, 20001),
    ("/Queues.json", {"FriendlyName": "people"}, {}, 400, 22003),
    (f"/Queues/{QUEUE}.json", {}, {"MaxSize": "none"}, 400, 20001),
    (f"/Queues/{QUEUE}/Members/Front.json", {"Url": "http://x/join"}, {}, 404, 20404),
    (f"/Conferences/{CONFERENCE}.json", {}, {"Status": "in-progress"}, 400, 20001),
    (f"/Conferences/{CONFERENCE}.json", {}, {"AnnounceUrl": "bell"}, 400, 21205),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"To": None}, 400, 21201),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"From": None}, 400, 21213),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"From": "+12025550100"}, 400, 21210),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"Beep": "loud"}, 400, 20001),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"Label": "x" * 129}, 400, 20001),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"ConferenceRecord": "maybe"}, 400, 20001),
    (f"/Conferences/{CONFERENCE}/Participants.json", TALK, {"ConferenceTrim": "maybe"}, 400, 20001),
    (f"/Conferences/CF{'2' * 32}/Participants.json", TALK, {}, 404, 20404),
    (f"/Conferences/{CONFERENCE}/Participants/agent-7.json", {"Muted": "true"}, {}, 404, 20404),
    ("/Messages.json", TEXT, {"To": None}, 400, 21604),
    ("/Messages.json", TEXT, {"From": None}, 400, 21603),
    ("/Messages.json", TEXT, {"Body": None}, 400, 21602),
    ("/Messages.json", TEXT, {"Body": "x" * 1601}, 400, 21617),
    ("/Messages.json", TEXT, {"To": "kim"}, 400, 21211),
    ("/Messages.json", TEXT, {"From": "+12025550100"}, 400, 21606),
    ("/Messages.json", TEXT, {"MessagingServiceSid": "MG" + "1" * 32}, 404, 21701),
    ("/Messages.json", TEXT, {"StatusCallback": "nowhere"}, 400, 21609),
    ("/Applications.json", {"VoiceUrl": "voice"}, {}, 400, 21402),
    ("/Applications.json", {"VoiceMethod": "HEAD"}, {}, 400, 21209),
    ("/IncomingPhoneNumbers.json", {}, {}, 400, 21421),
    ("/IncomingPhoneNumbers.json", {"PhoneNumber": "12345"}, {}, 400, 21421),
    ("/IncomingPhoneNumbers.json", {"PhoneNumber": OWN}, {}, 400, 21422),
    ("/IncomingPhoneNumbers.json", {"PhoneNumber": "+8610"}, {"VoiceUrl": "voice"}, 400, 21402),
    ("/IncomingPhoneNumbers.json", {"PhoneNumber": "+8610"}, {"VoiceMethod": "HEAD"}, 400, 21209),
]


@pytest.mark.parametrize(("path", "params", "change", "status", "code"), REFUSED)
def test_refused(ask, exchange, path, params, change, status, code):
    account = exchange.account.sid
    exchange.queues[QUEUE] = Queue(QUEUE, account, "people", NOW, NOW)
    exchange.conferences[CONFERENCE] = Conference(CONFERENCE, account, "talk", NOW, NOW, status="in-progress")
    before = _books(exchange)
    given = {name: value for name, value in (params | change).items() if value is not None}
    answer = ask("POST", path, data=given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["status"] == status
    assert answer.json()["more_info"].endswith(str(code))
    assert _books(exchange) == before


def _books(exchange):
    books = (exchange.calls, exchange.queues, exchange.conferences, exchange.messages, exchange.numbers)
    return [list(book) for book in (*books, exchange.applications)]


UPDATES = [
    ({"Status": "ringing"}, 20001),
    ({"Url": "http://x/a", "Twiml": "<Response/>"}, 20001),
    ({"Twiml": "x" * 4001}, 32018),
    ({"Url": "agent"}, 21205),
    ({"Url": "http://x/a"}, 21220),
    ({"Status": "completed"}, 21220),
]


@pytest.mark.parametrize(("params", "code"), UPDATES)
def test_an_update_that_cannot_be(ask, past_call, params, code):
    call = past_call()
    answer = ask("POST", f"/Calls/{call.sid}.json", data=params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_live_call_is_not_deleted(ask, past_call, exchange):
    call = past_call(status="in-progress", end_time=None)
    assert ask("DELETE", f"/Calls/{call.sid}.json").json()["code"] == 21220
    call.status = "completed"
    answer = ask("DELETE", f"/Calls/{call.sid}.json")
    assert (answer.status_code, answer.content) == (204, b"")
    assert call.sid not in exchange.calls
