"""Every request is one that Twilio's specification knows, and every answer becomes an outcome to act upon."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from telephony.carrier import Carrier, EdgeRefused, Gone, Leg, NotSent, Refused, Unreachable

ACCOUNT, TOKEN = "AC" + "a" * 32, "b" * 32
CALL, QUEUE, CONFERENCE, RECORDING = (
    kind + digit * 32 for kind, digit in (("CA", "1"), ("QU", "2"), ("CF", "3"), ("RE", "4"))
)
HERE = f"/2010-04-01/Accounts/{ACCOUNT}"
URL = "https://hotline.example/agent/offer?offer=OF1"
SINCE = datetime(2026, 3, 2, 9, 24, 15, 700_000, UTC)

# method: what it is called with, and the requests that must come of it.
CASES = {
    "ring": (
        ("client:kim", "+8643112345", URL, "https://hotline.example/agent/status?offer=OF1", 20),
        [
            ("POST", "/Calls.json", {
                "To": ["client:kim"],
                "From": ["+8643112345"],
                "Url": [URL],
                "Method": ["POST"],
                "StatusCallback": ["https://hotline.example/agent/status?offer=OF1"],
                "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
                "StatusCallbackMethod": ["POST"],
                "Timeout": ["20"],
            })
        ],
    ),
    "find_ring": (("+8613800000000", SINCE), [
        ("GET", "/Calls.json", {"To": ["+8613800000000"], "PageSize": ["100"]})
    ]),
    "fetch_call": ((CALL,), [("GET", f"/Calls/{CALL}.json", {})]),
    "live_calls": (
        (),
        [("GET", "/Calls.json", {"Status": [status], "PageSize": ["1000"]})
         for status in ("queued", "ringing", "in-progress")],
    ),
    "redirect": ((CALL, URL), [("POST", f"/Calls/{CALL}.json", {"Url": [URL], "Method": ["POST"]})]),
    "take_from_queue": (
        (QUEUE, CALL, URL),
        [("POST", f"/Queues/{QUEUE}/Members/{CALL}.json", {"Url": [URL], "Method": ["POST"]})],
    ),
    "hang_up": ((CALL,), [("POST", f"/Calls/{CALL}.json", {"Status": ["completed"]})]),
    "hold": (
        (CONFERENCE, "caller", True, URL),
        [("POST", f"/Conferences/{CONFERENCE}/Participants/caller.json",
          {"Hold": ["true"], "HoldUrl": [URL], "HoldMethod": ["POST"]})],
    ),
    "find_conference": (
        ("OF1",),
        [("GET", "/Conferences.json",
          {"FriendlyName": ["OF1"], "Status": ["in-progress"], "PageSize": ["1"]})],
    ),
    "record": (
        (CALL, "https://hotline.example/voice/recording"),
        [("POST", f"/Calls/{CALL}/Recordings.json", {
            "RecordingChannels": ["dual"],
            "RecordingStatusCallback": ["https://hotline.example/voice/recording"],
            "RecordingStatusCallbackEvent": ["completed"],
            "RecordingStatusCallbackMethod": ["POST"],
        })],
    ),
    "find_recordings": ((CALL, SINCE), [("GET", f"/Calls/{CALL}/Recordings.json", {"PageSize": ["100"]})]),
    "recorded": ((RECORDING,), [("GET", f"/Recordings/{RECORDING}.json", {})]),
    "stop_recording": (
        (CALL, RECORDING), [("POST", f"/Calls/{CALL}/Recordings/{RECORDING}.json", {"Status": ["stopped"]})]
    ),
    "delete_recording": ((RECORDING,), [("DELETE", f"/Recordings/{RECORDING}.json", {})]),
}  # fmt: skip
NAMES_ONE = [
    "fetch_call",
    "redirect",
    "take_from_queue",
    "hang_up",
    "hold",
    "record",
    "recorded",
    "stop_recording",
    "delete_recording",
]


@pytest.fixture
def ask(serve):
    """Makes a carrier whose answers the test gives, and remembers it to close it."""
    made = []

    def start(answer, **options):
        server = serve(answer)
        made.append(Carrier(ACCOUNT, TOKEN, server.url, environ={}, **options))
        return made[-1], server

    yield start
    for carrier in made:
        carrier.close()


@pytest.fixture
def by_the_book(ask, specification):
    return ask(lambda asked: (*specification.example(asked.method, asked.path), {}))


@pytest.mark.parametrize("name", CASES)
def test_each_request_is_one_that_twilio_knows(name, by_the_book, specification):
    carrier, server = by_the_book
    arguments, expected = CASES[name]
    getattr(carrier, name)(*arguments)
    assert [(each.method, each.path, each.form or each.query) for each in server.asked] == [
        (method, HERE + path, fields) for method, path, fields in expected
    ]
    for asked in server.asked:
        assert specification.faults(asked) == []
        assert asked.auth == (ACCOUNT, TOKEN)


def test_every_method_has_a_case():
    public = {name for name in vars(Carrier) if not name.startswith("_")}
    assert public == {*CASES, "close", "sound"}  # what a recording sounds like is in no OpenAPI file


def test_the_judge_notices_what_the_schema_alone_lets_pass(serve, specification):
    import requests

    server = serve(lambda asked: (200, {}, {}))
    with requests.Session() as session:
        session.post(
            f"{server.url}{HERE}/Queues/{QUEUE}/Members/{CALL}.json", {"Colour": "red", "Method": "PUT"}
        )
        session.post(f"{server.url}{HERE}/Conferences/CF1/Participants/x.json", {"Hold": "perhaps"})
    first, second = (specification.faults(asked) for asked in server.asked)
    assert first == [
        "Colour is no parameter",
        "Method: 'PUT' is not one of ['GET', 'POST']",
        "Url is required",
    ]
    assert any("'CF1'" in fault for fault in second)
    assert "Hold: 'perhaps' is not of type 'boolean'" in second


def test_unhold_names_no_music(by_the_book):
    carrier, server = by_the_book
    carrier.hold(CONFERENCE, CALL, False, URL)
    assert server.asked[0].form == {"Hold": ["false"]}


def test_a_ring_gives_the_sid_of_the_new_leg(by_the_book):
    carrier, _ = by_the_book
    assert carrier.ring(*CASES["ring"][0]) == "CA" + "a" * 32


def test_a_call_that_the_carrier_does_not_know_has_no_status(ask):
    carrier, _ = ask(lambda asked: (404, {"code": 20404, "message": "not found", "status": 404}, {}))
    assert carrier.fetch_call(CALL) is None


def test_a_calls_status(by_the_book):
    assert by_the_book[0].fetch_call(CALL) == "completed"


def call(sid, status, created):
    return {"sid": sid, "to": "client:kim", "status": status, "date_created": created}


def test_a_lost_ring_is_found_among_the_live_calls_since(ask):
    calls = [
        call("CA5", "in-progress", "Mon, 02 Mar 2026 09:24:20 +0000"),
        call("CA4", "queued", "Mon, 02 Mar 2026 09:24:16 +0000"),
        call("CA3", "ringing", "Mon, 02 Mar 2026 09:24:10 +0000"),  # the carrier's clock may be behind ours
        call("CA2", "no-answer", "Mon, 02 Mar 2026 09:24:15 +0000"),
        call("CA1", "ringing", "Mon, 02 Mar 2026 09:24:09 +0000"),
        call("CA0", "ringing", None),
    ]
    carrier, _ = ask(lambda asked: (200, {"calls": calls, "next_page_uri": None}, {}))
    found = carrier.find_ring("client:kim", SINCE)
    assert [leg.sid for leg in found] == ["CA5", "CA4", "CA3"]
    assert found[2] == Leg("CA3", "client:kim", "ringing", datetime(2026, 3, 2, 9, 24, 10, tzinfo=UTC))


def test_a_recording_whose_answer_was_lost_is_found_among_those_that_go_on_since(ask):
    def recording(sid, status, created):
        return {"sid": sid, "status": status, "date_created": created}

    recordings = [
        recording("RE4", "in-progress", "Mon, 02 Mar 2026 09:24:20 +0000"),
        recording("RE3", "completed", "Mon, 02 Mar 2026 09:24:18 +0000"),
        recording("RE2", "paused", "Mon, 02 Mar 2026 09:24:10 +0000"),
        recording("RE1", "in-progress", "Mon, 02 Mar 2026 09:24:09 +0000"),
    ]
    carrier, _ = ask(lambda asked: (200, {"recordings": recordings, "next_page_uri": None}, {}))
    assert carrier.find_recordings(CALL, SINCE) == ["RE4", "RE2"]


@pytest.mark.parametrize(
    ("status", "duration", "found"),
    [
        ("completed", "62", ("https://api.twilio.com/sound", 62)),
        ("absent", "0", None),
        ("in-progress", None, None),
    ],
)
def test_where_a_recording_is_and_how_long_once_it_is_over(ask, status, duration, found):
    media = "https://api.twilio.com/sound"
    told = {"sid": RECORDING, "status": status, "duration": duration, "media_url": media}
    carrier, _ = ask(lambda asked: (200, told, {}))
    assert carrier.recorded(RECORDING) == found


def test_the_recordings_of_a_call_that_is_over_are_none(ask):
    carrier, _ = ask(lambda asked: (404, {"code": 20404, "message": "no", "status": 404}, {}))
    with pytest.raises(Gone):
        carrier.find_recordings(CALL, SINCE)


def test_a_recordings_sound_is_asked_for_with_the_accounts_credentials_and_the_part_that_is_wanted(ask):
    more = {"Content-Type": "audio/mpeg", "Content-Range": "bytes 2-4/9"}
    carrier, server = ask(lambda asked: (206, "und", more))
    sound = carrier.sound(RECORDING, "bytes=2-4")
    assert (sound.status, b"".join(sound.pieces)) == (206, b"und")
    assert sound.headers["Content-Range"] == "bytes 2-4/9"
    sound.close()
    [asked] = server.asked
    assert (asked.method, asked.path) == ("GET", f"{HERE}/Recordings/{RECORDING}.mp3")
    assert (asked.auth, asked.headers["range"]) == ((ACCOUNT, TOKEN), "bytes=2-4")


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, Gone), (401, Refused), (429, NotSent), (500, Unreachable)]
)
def test_a_sound_that_is_not_to_be_had_is_an_outcome_too(status, outcome, ask):
    carrier, _ = ask(lambda asked: (status, {}, {}))
    with pytest.raises(outcome):
        carrier.sound(RECORDING)


def test_a_sound_that_breaks_off_ends_there(ask):
    carrier, _ = ask(lambda asked: (200, "too short", {"Content-Length": "100"}))
    sound = carrier.sound(RECORDING)
    assert b"".join(sound.pieces) in (b"", b"too short")
    sound.close()


def test_a_recordings_name_leads_nowhere_else(ask):
    carrier, server = ask(lambda asked: (404, {}, {}))
    with pytest.raises(Gone):
        carrier.sound("../Calls")
    assert server.asked[0].path == f"{HERE}/Recordings/..%2FCalls.mp3"


def test_live_calls_turns_every_page(ask):
    def pages(asked):
        status, page = asked.query["Status"][0], int(asked.query.get("Page", ["0"])[0])
        more = f"{HERE}/Calls.json?Status={status}&Page={page + 1}" if page < 2 else None
        found = [call(f"{status}-{page}", status, None)]
        return 200, {"calls": found, "next_page_uri": more, "page": page}, {}

    carrier, _ = ask(pages)
    assert [leg.sid for leg in carrier.live_calls()] == [
        f"{status}-{page}" for status in ("queued", "ringing", "in-progress") for page in range(3)
    ]


OUTCOMES = [
    (404, 20404, Gone),
    (400, 21220, Gone),
    (400, 21211, Refused),
    (401, 20003, Refused),
    (403, 20008, Refused),
    (429, 20429, NotSent),
    (500, 20500, Unreachable),
    (503, 20503, Unreachable),
]


@pytest.mark.parametrize(("status", "code", "outcome"), OUTCOMES)
@pytest.mark.parametrize("name", NAMES_ONE)
def test_each_answer_is_one_outcome(name, status, code, outcome, ask):
    if (name, outcome) == ("fetch_call", Gone):
        return  # told above: it gives None
    told = {"code": code, "message": "no", "more_info": "", "status": status}
    carrier, server = ask(lambda asked: (status, told, {}))
    with pytest.raises(outcome) as error:
        getattr(carrier, name)(*CASES[name][0])
    assert type(error.value) is outcome
    assert len(server.asked) == 1
    if outcome is Refused:
        assert (error.value.status, error.value.code) == (status, code)


@pytest.mark.parametrize(("status", "code", "outcome"), [each for each in OUTCOMES if each[1] != 21220])
def test_a_listing_has_the_same_outcomes_though_the_library_gives_them_no_kind(status, code, outcome, ask):
    carrier, _ = ask(lambda asked: (status, {"code": code, "message": "no", "status": status}, {}))
    with pytest.raises(Refused if outcome is Gone else outcome):
        carrier.live_calls()


def test_a_listing_answered_by_something_else_than_the_carrier(ask):
    for told in ("<html>log in</html>", {"colours": 1, "shapes": 2}):
        carrier, _ = ask(lambda asked, told=told: (200, told, {}))
        with pytest.raises(Unreachable):
            carrier.live_calls()
    carrier, _ = ask(lambda asked: (502, "<html>bad gateway</html>", {}))
    with pytest.raises(Unreachable):
        carrier.live_calls()


@pytest.mark.parametrize("name", ["ring", "find_ring", "live_calls"])
def test_a_create_or_a_listing_that_is_not_found_is_refused_not_over(name, ask):
    carrier, _ = ask(lambda asked: (404, {"code": 20404, "message": "no", "status": 404}, {}))
    with pytest.raises(Refused):
        getattr(carrier, name)(*CASES[name][0])


def test_words_of_the_newer_error_format_are_kept(ask):
    told = {"type": "x", "title": "Bad", "detail": "the number is odd", "status": 400, "code": 21211}
    carrier, _ = ask(lambda asked: (400, told, {}))
    with pytest.raises(Refused, match="the number is odd"):
        carrier.ring(*CASES["ring"][0])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, "<html>log in to the network</html>", {}), Unreachable),
        ((502, "<html>bad gateway</html>", {}), Unreachable),
        ((201, {}, {}), Unreachable),
        ((302, "", {"Location": "https://elsewhere.example/"}), Refused),
        (None, Unreachable),
    ],
)
def test_a_ring_with_an_unusable_answer(answer, outcome, ask):
    carrier, server = ask(lambda asked: answer)
    with pytest.raises(outcome) as error:
        carrier.ring(*CASES["ring"][0])
    assert type(error.value) is outcome
    assert len(server.asked) == 1, "a create is never repeated by itself"


def test_no_connection_is_certainly_not_sent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    carrier = Carrier(ACCOUNT, TOKEN, f"http://127.0.0.1:{port}", environ={})
    with pytest.raises(NotSent):
        carrier.ring(*CASES["ring"][0])


def test_a_name_that_does_not_resolve_is_certainly_not_sent():
    carrier = Carrier(ACCOUNT, TOKEN, "http://carrier.invalid", environ={})
    with pytest.raises(NotSent):
        carrier.hang_up(CALL)


def test_an_answer_that_does_not_come_in_time_is_unknown(ask):
    """The server waits until the client has given up, so without a time limit this would wait for ever."""
    given_up = threading.Event()
    carrier, server = ask(lambda asked: given_up.wait() and None, answer_seconds=0.2)
    with pytest.raises(Unreachable) as error:
        carrier.ring(*CASES["ring"][0])
    given_up.set()
    assert type(error.value) is Unreachable
    assert len(server.asked) == 1


def test_no_number_and_no_token_is_in_the_words_of_an_unknown_outcome(ask):
    carrier, _ = ask(lambda asked: None)
    with pytest.raises(Unreachable) as error:
        carrier.ring("+8613800000000", "+8643112345", URL, URL, 20)
    assert "138" not in str(error.value)
    assert TOKEN not in str(error.value)


def test_many_threads_share_one_client_and_its_connections(ask, specification):
    carrier, server = ask(lambda asked: (*specification.example(asked.method, asked.path), {}), connections=8)
    failures = []

    def work():
        try:
            for _ in range(10):
                carrier.redirect(CALL, URL)
        except (Gone, Refused, Unreachable) as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(server.asked) == 80


@pytest.mark.parametrize("name", ["TWILIO_EDGE", "TWILIO_REGION"])
def test_a_setting_that_changes_the_carriers_host_is_refused(name):
    with pytest.raises(EdgeRefused, match=f"{name} is set.*unset it"):
        Carrier(ACCOUNT, TOKEN, environ={name: "sydney"})


def test_without_a_base_requests_go_to_twilio():
    carrier = Carrier(ACCOUNT, TOKEN, environ={})
    assert (
        carrier.wire.here("https://api.twilio.com/2010-04-01/x.json")
        == "https://api.twilio.com/2010-04-01/x.json"
    )


def test_a_proxy_is_not_asked_for_a_carrier_on_this_machine(by_the_book, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    carrier, _ = by_the_book
    assert carrier.fetch_call(CALL) == "completed"


def test_what_the_carrier_says_is_told_without_numbers(ask):
    """Twilio's own words of a refusal name the number; they come into the log and the journal."""
    words = "Account not authorized to call +8613800138000 from +86 (431) 1234-5678, see error 21215"
    carrier, _ = ask(lambda asked: (400, {"code": 21215, "message": words, "status": 400}, {}))
    with pytest.raises(Refused) as refused:
        carrier.ring(*CASES["ring"][0])
    assert "Account not authorized to call **** from ****, see error 21215" in str(refused.value)
