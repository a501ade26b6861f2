"""Whatever is sent, the server answers in Twilio's form and never with a fault of its own."""

import pytest

NONSENSE = ["", "-1", "☎", "9" * 5000, "http://[", "a\x00b", "9999-12-31", "0001-01-01T00:00+14:00"]
HERE = {"{AccountSid}": "AC" + "a" * 32, "{Sid}": "CA" + "0" * 32, "{CallSid}": "CA" + "0" * 32}


def requests_of(extract):
    """Every operation of Twilio's file on a list or a call, with the names of its parameters."""
    for path, methods in extract["paths"].items():
        for holder, value in HERE.items():
            path = path.replace(holder, value)
        for method, operation in methods.items() if "{" not in path else ():
            names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                names += content["schema"].get("properties", ())
            yield method.upper(), path, names


def test_every_parameter_with_every_nonsense(ask, extract, exchange, past_call):
    assert past_call().sid == HERE["{Sid}"]
    for method, path, names in requests_of(extract):
        for name in names:
            for value in NONSENSE:
                given = {"params": {name: value}} if method == "GET" else {"data": {name: value}}
                answer = ask(method, path, **given)
                assert answer.status_code < 500, (method, path, name, value, answer.text)
                assert answer.status_code < 400 or answer.json()["code"] >= 20000


@pytest.mark.parametrize("base", [{"To": "client:kim", "From": "+8643112345", "Twiml": "<Response/>"}])
def test_a_call_that_could_be_placed_with_every_nonsense_beside(ask, extract, base):
    properties = extract["paths"]["/2010-04-01/Accounts/{AccountSid}/Calls.json"]["post"]["requestBody"][
        "content"
    ]
    for name in properties["application/x-www-form-urlencoded"]["schema"]["properties"]:
        for value in NONSENSE:
            answer = ask("POST", "/Calls.json", data=base | {name: value})
            assert answer.status_code in (201, 400), (name, value, answer.text)


@pytest.mark.parametrize(
    "path", ["/Calls/%2e%2e.json", "/Recordings/RE..%2f..%2fpasswd.wav", "/Calls/%00.json", "/%ff.json"]
)
def test_paths_that_lead_out_lead_nowhere(ask, path):
    assert ask("GET", path).status_code == 404
