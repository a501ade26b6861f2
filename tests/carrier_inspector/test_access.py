"""Who may look, and what the page may load."""

from pathlib import Path

import pytest
from aiohttp import ClientSession, encode_basic_auth
from aiohttp.test_utils import make_mocked_request

from carrier.inspector import shown
from carrier.inspector.pages import FILES, STATIC, at_home
from tests.carrier.conftest import World
from tests.carrier_inspector.conftest import inspected

PATHS = ["/", "/inspector.js", "/inspector.css", "/inspector/news"]
ELSEWHERE = {"Host": "carrier.example.org"}


@pytest.mark.parametrize(
    ("remote", "headers", "home"),
    [
        ("127.0.0.1", {"Host": "127.0.0.1:8001"}, True),
        ("127.0.0.1", {"Host": "localhost:8001"}, True),
        ("::1", {"Host": "[::1]:8001"}, True),
        ("192.0.2.7", {"Host": "127.0.0.1:8001"}, False),
        ("192.0.2.7", {"Host": "carrier.example.org"}, False),
        ("127.0.0.1", {"Host": "carrier.example.org"}, False),
        ("127.0.0.1", {"Host": "localhost.example.org"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "192.0.2.7"}, False),
        ("127.0.0.1", {"Host": "localhost", "Forwarded": "for=192.0.2.7"}, False),
    ],
    ids=[
        "this machine",
        "by name",
        "IPv6",
        "another machine that says it is this one",
        "another machine",
        "a name from elsewhere that was bent to this machine",
        "a name that begins like this machine's",
        "a tunnel",
        "a proxy",
    ],
)
def test_only_this_very_machine_needs_no_password(remote: str, headers: dict[str, str], home: bool) -> None:
    assert at_home(make_mocked_request("GET", "/", headers=headers).clone(remote=remote)) is home


@pytest.mark.parametrize("path", PATHS)
async def test_others_give_the_accounts_sid_and_token(world: World, path: str) -> None:
    account = world.exchange.account
    right = {"Authorization": encode_basic_auth(account.sid, account.token)}
    wrong = {"Authorization": encode_basic_auth(account.sid, "wrong")}
    async with inspected(world) as url, ClientSession() as http:
        for headers, status in (({}, 401), (wrong, 401), (right, 200)):
            async with http.get(url + path, headers=ELSEWHERE | headers) as answer:
                assert answer.status == status
                assert ("WWW-Authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_loaded_from_elsewhere_and_nobody_frames_it(world: World, path: str) -> None:
    async with inspected(world) as url, ClientSession() as http, http.get(url + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_every_file_is_served() -> None:
    assert {path.name for path in Path(STATIC).iterdir()} == set(FILES.values())


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://app.example/voice?a=b@c", "https://app.example/voice?a=b@c"),
        ("https://me:secret@app.example/voice", "https://me:…@app.example/voice"),
        ("https://me@app.example/", "https://me@app.example/"),
        ("", ""),
    ],
)
def test_a_password_in_a_url_is_not_shown(url: str, written: str) -> None:
    assert shown.masked(url) == written


LONG = "<a>" * 5000


@pytest.mark.parametrize(
    ("came", "shows"),
    [
        ("<Response><Say>Hi</Say></Response>", "<Response>\n  <Say>Hi</Say>\n</Response>"),
        ("<Response><Say>A <b/>b</Say></Response>", "<Response>\n  <Say>A <b />b</Say>\n</Response>"),
        ("<Response><!-- why --></Response>", "<Response>\n  <!-- why -->\n</Response>"),
        (
            "<Response><Say>&lt;script></Say></Response>",
            "<Response>\n  <Say>&lt;script&gt;</Say>\n</Response>",
        ),
        ("<Response><Say>cut", "<Response><Say>cut"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ("Just words", "Just words"),
        ("", ""),
        (LONG, LONG),
        (LONG + "</a>" * 5000, LONG + "</a>" * 5000),
    ],
    ids=[
        "twiml",
        "words and marks",
        "comment",
        "escaped",
        "cut",
        "entities",
        "text",
        "nothing",
        "open",
        "deep",
    ],
)
def test_twiml_is_indented_and_everything_else_stays_as_it_came(came: str, shows: str) -> None:
    assert shown.indented(came) == shows
