"""Who may ask, what every refusal looks like, and what is noted of parameters that do nothing."""

import socket
from urllib.parse import urlsplit

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from carrier.rest.edge import MOST_NOTED, NOTED

SID = "AC" + "a" * 32
OTHER = "AC" + "b" * 32


@pytest.mark.parametrize(
    "auth",
    [None, (SID, "wrong"), (OTHER, "secret"), ("", ""), (SID, ""), ("é", "ü")],
    ids=["nobody", "wrong token", "another account", "empty", "no token", "not ascii"],
)
@pytest.mark.parametrize(
    "path", [f"/2010-04-01/Accounts/{SID}/Calls.json", "/v1/Alerts", "/2010-04-01/nothing"]
)
def test_without_the_accounts_sid_and_token_nothing_is_told(served, auth, path):
    answer = requests.get(served.url + path, auth=auth, timeout=20)
    assert answer.status_code == 401
    assert answer.json()["code"] == 20003
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'


@pytest.mark.parametrize("header", ["Bearer x", "Basic", "Basic !!!", "Basic YWJj"])
def test_a_broken_authorization_header_is_no_fault_of_the_server(served, header):
    url = f"{served.url}/2010-04-01/Accounts/{SID}/Calls.json"
    assert requests.get(url, headers={"Authorization": header}, timeout=20).status_code == 401


def test_the_right_token_opens_no_other_account(ask):
    answer = ask("GET", f"/2010-04-01/Accounts/{OTHER}/Calls.json")
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_health_needs_no_account(served, past_call):
    past_call()
    past_call(status="in-progress", end_time=None, duration=None)
    answer = requests.get(served.url + "/health", timeout=20).json()
    assert (answer["status"], answer["live_calls"]) == ("ok", 1)


def test_an_error_body_has_twilios_four_fields(ask):
    answer = ask("GET", f"/Calls/CA{'0' * 32}.json")
    assert answer.status_code == 404
    assert answer.json() == {
        "code": 20404,
        "message": f"The requested resource /2010-04-01/Accounts/{SID}/Calls/CA{'0' * 32}.json was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


NOWHERE = [
    "/Nothing.json",
    "/Calls/x.json",
    "/Calls/x/Recordings.json",
    "/Calls/x/Recordings/y.json",
    "/Queues/x.json",
    "/Queues/x/Members.json",
    "/Queues/x/Members/Front.json",
    "/Conferences/x.json",
    "/Conferences/x/Participants.json",
    "/Conferences/x/Participants/y.json",
    "/Conferences/x/Recordings.json",
    "/Recordings/x.json",
    "/Recordings/x.wav",
    "/Messages/x.json",
    "/Applications/x.json",
    "/IncomingPhoneNumbers/x.json",
    "/v1/Alerts/x",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_20404(ask, path):
    answer = ask("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_a_method_that_a_resource_lacks_is_20004(ask):
    answer = ask("PUT", "/Calls.json")
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


def test_a_fault_of_the_server_is_20500_and_says_nothing_of_its_insides(ask, exchange):
    exchange.calls["CAbroken"] = None
    answer = ask("GET", "/Calls/CAbroken.json")
    assert (answer.status_code, answer.json()["code"]) == (500, 20500)
    assert "NoneType" not in answer.text
    del exchange.calls["CAbroken"]


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
NO_FORMS = [
    (b"To=%ff%fe", {"Content-Type": f"{FORM}; charset=nonsense"}),
    (b"To=x+2AA-", {"Content-Type": f"{FORM}; charset=utf-7"}),
    (b"To=\\ud800", {"Content-Type": f"{FORM}; charset=unicode_escape"}),
    (b"\xff=\xfe", {"Content-Type": FORM}),
    (b"To=kim", {"Content-Type": FORM, "Content-Encoding": "gzip"}),
    (b"To=kim", {"Content-Type": PARTS}),
    (b"To=kim", {"Content-Type": f"{PARTS}; boundary=b"}),
    (b"--b\r\nContent-Disposition: form-data; name=To\r\n", {"Content-Type": f"{PARTS}; boundary=b"}),
    (
        b"--b\r\nContent-Disposition: form-data\r\n\r\nkim\r\n--b--\r\n",
        {"Content-Type": f"{PARTS}; boundary=b"},
    ),
]


@pytest.mark.parametrize(("body", "headers"), NO_FORMS)
def test_a_body_that_is_no_form_is_20001(ask, body, headers):
    answer = ask("POST", "/Queues.json", data=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert answer.json()["message"] == "The body is not a form in UTF-8"


def test_half_a_character_in_a_form_spoils_no_list(ask):
    half = (
        b"--b\r\nContent-Disposition: form-data; name=FriendlyName\r\nContent-Type: text/plain; charset=utf-7"
    )
    body = half + b"\r\n\r\npeople+2AA-\r\n--b--\r\n"
    made = ask("POST", "/Queues.json", data=body, headers={"Content-Type": f"{PARTS}; boundary=b"})
    assert (made.status_code, made.json()["friendly_name"]) == (201, "people\ufffd")
    assert ask("GET", "/Queues.json").json()["queues"] == [made.json()]


@pytest.mark.parametrize("host", ["[", "a:b:c", ""])
def test_a_host_that_is_none_is_no_fault_of_the_server(ask, served, exchange, host):
    exchange.alert(11200, "no answer")
    answer = ask("GET", "/v1/Alerts?Weather=fine", headers={"Host": host})
    assert answer.status_code == 200
    assert answer.json()["alerts"][0]["url"].startswith(served.url + "/v1/Alerts/NO")
    noted = ask("GET", "/v1/Alerts").json()["alerts"][0]
    assert noted["request_url"] == served.url + "/v1/Alerts?Weather=fine"


def test_a_parameter_without_effect_is_noted_once_and_never_refused(ask, client):
    for _ in range(3):
        assert ask("GET", "/Calls.json", params={"Weather": "fine"}).status_code == 200
    (alert,) = client.monitor.v1.alerts.list()
    assert (alert.error_code, alert.log_level) == ("20001", "warning")
    assert "Weather has no effect here: GET" in alert.alert_text


@pytest.mark.parametrize("path", ["/Calls/CA1.json", "/Queues/people.json"])
def test_of_a_single_thing_a_parameter_without_effect_is_noted_too(ask, client, past_call, exchange, path):
    call = past_call()
    exchange.calls["CA1"] = call
    queue = client.queues.create(friendly_name="people")
    where = path.replace("people", queue.sid)
    assert ask("GET", where, params={"Weather": "fine"}).status_code == 200
    (alert,) = client.monitor.v1.alerts.list()
    assert "Weather has no effect here: GET" in alert.alert_text


def test_only_so_many_parameters_are_remembered_as_noted(ask, served):
    for number in range(MOST_NOTED + 5):
        served.app[NOTED].append(("GET /weather", str(number)))
    assert ask("GET", "/Calls.json", params={"Weather": "fine"}).status_code == 200
    assert len(served.app[NOTED]) == MOST_NOTED
    assert served.app[NOTED][-1][1] == "Weather"


def test_known_parameters_are_not_noted(ask, client):
    filters = {
        "To": "",
        "From": "",
        "Status": "",
        "ParentCallSid": "",
        "StartTime": "",
        "EndTime>": "2026-01-01",
    }
    assert ask("GET", "/Calls.json", params=filters | {"PageSize": "5", "Page": "0"}).status_code == 200
    assert client.monitor.v1.alerts.list() == []


def test_the_official_client_raises_the_code(client: Client):
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_headers_and_body_arrive_in_one_piece(served):
    """Two writes would make a client on the same machine wait 40 ms for each answer."""
    parts = urlsplit(served.url)
    for _ in range(5):
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as line:
            line.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            first = line.recv(65536)
        assert b"\r\n\r\n{" in first
        assert first.endswith(b"}")
