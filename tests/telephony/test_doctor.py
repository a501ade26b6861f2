"""A healthy setup gets a clean bill; each broken one is told what is wrong, with its mend."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from telephony.doctor import Setup, examine
from telephony.links import Links
from telephony.signature import Signature

ACCOUNT, TOKEN, NUMBER = "AC" + "a" * 32, "b" * 32, "+8643112345"
NOW = datetime(2026, 3, 2, 9, 24, 15, tzinfo=UTC)
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="5"/></Response>'
XML = {"Content-Type": "text/xml; charset=utf-8"}


class World:
    """A hotline and its carrier, both well until a test breaks something."""

    def __init__(self, serve) -> None:
        self.front_answer = self.hold
        self.front = serve(lambda asked: self.front_answer(asked))
        self.account = {"sid": ACCOUNT, "status": "active", "type": "Full"}
        self.account_status = 200
        self.date = NOW
        links = Links(self.front.url)
        self.numbers = [
            {
                "phone_number": NUMBER,
                "voice_url": links.incoming(),
                "voice_method": "POST",
                "voice_fallback_url": links.fallback(),
                "voice_fallback_method": "POST",
                "status_callback": links.status(),
                "status_callback_method": "POST",
                "capabilities": {"voice": True, "sms": True, "mms": False},
                "trunk_sid": None,
                "voice_application_sid": "",
            }
        ]
        self.carrier = serve(self.rest)
        self.setup = Setup("local", self.carrier.url, self.front.url, NUMBER, ACCOUNT, TOKEN)
        self.environ = {"TWILIO_ACCOUNT_SID": ACCOUNT}

    @property
    def number(self):
        return self.numbers[0]

    def hold(self, asked):
        """The web room's part: check the signature, answer TwiML."""
        url = Links(self.setup.public_url).asked(asked.path)
        right = Signature(TOKEN).matches(url, asked.form, asked.headers.get("x-twilio-signature"))
        return (200, TWIML, XML) if right else (403, "", XML)

    def rest(self, asked):
        headers = {"Date": format_datetime(self.date, usegmt=True)}
        if asked.auth != (ACCOUNT, TOKEN):
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}, headers
        if "IncomingPhoneNumbers" not in asked.path:
            return self.account_status, self.account, headers
        wanted = asked.query.get("PhoneNumber")
        found = [each for each in self.numbers if not wanted or each["phone_number"] == wanted[0]]
        return 200, {"incoming_phone_numbers": found, "next_page_uri": None}, headers

    def findings(self, **changes):
        return examine(replace(self.setup, **changes), self.environ, lambda: NOW + timedelta(seconds=1))


@pytest.fixture
def world(serve):
    return World(serve)


def troubles(findings):
    return [finding for finding in findings if finding.level != "fine"]


def test_all_is_well(world, specification):
    findings = world.findings()
    assert [(finding.level, finding.what) for finding in findings] == [
        ("fine", f"the carrier at {world.carrier.url} accepts the credentials"),
        ("fine", f"calls to {NUMBER} come to {world.front.url}"),
        ("fine", f"{world.front.url} answers, knows this account's signature and refuses any other"),
    ]
    for asked in world.carrier.asked:
        assert specification.faults(asked) == []


def test_the_front_door_is_called_only_where_it_changes_nothing(world):
    world.findings()
    assert {(asked.method, asked.path) for asked in world.front.asked} == {("POST", "/voice/hold")}


def unused_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


# --- one broken thing at a time, told in words ---------------------------------------------------------


def edge(world):
    world.environ["TWILIO_EDGE"] = "sydney"


def region(world):
    world.environ["TWILIO_REGION"] = "au1"


def odd_fallback(world):
    world.environ["HOTLINE_FALLBACK_NUMBER"] = "reception"


def wrong_token(world):
    world.setup = replace(world.setup, auth_token="c" * 32)


def no_token(world):
    world.setup = replace(world.setup, auth_token="")


def api_key(world):
    world.setup = replace(world.setup, account_sid="SK" + "a" * 32)


def no_sid(world):
    world.setup = replace(world.setup, account_sid="AC123")


def no_carrier(world):
    world.setup = replace(world.setup, base=f"http://127.0.0.1:{unused_port()}")


def other_carrier(world):
    world.setup = replace(world.setup, base=world.front.url)
    world.front_answer = lambda asked: (200, TWIML, XML) if "/2010-" in asked.path else world.hold(asked)


def ill_carrier(world):
    world.account_status = 503


def suspended(world):
    world.account["status"] = "suspended"


def trial(world):
    world.account["type"] = "Trial"


def ahead(world):
    world.date = NOW - timedelta(minutes=5)


def behind(world):
    world.date = NOW + timedelta(minutes=5)


def foreign_number(world):
    world.setup = replace(world.setup, number="+8643199999")


def no_number(world):
    world.numbers.clear()


def no_voice(world):
    world.number["capabilities"]["voice"] = False


def on_a_trunk(world):
    world.number["trunk_sid"] = "TK" + "1" * 32


def on_an_app(world):
    world.number["voice_application_sid"] = "AP" + "1" * 32


def demo_url(world):
    world.number["voice_url"] = "https://demo.twilio.com/welcome/voice/"


def asked_by_get(world):
    world.number["voice_method"] = "GET"


def no_fallback(world):
    world.number["voice_fallback_url"] = None


def no_status(world):
    world.number["status_callback"] = ""


def moved_to(world, url):
    """The number in the console points to the new address as well: only the address itself is wrong."""
    world.setup = replace(world.setup, public_url=url)
    links = Links(url)
    world.number["voice_url"] = links.incoming()
    world.number["voice_fallback_url"] = links.fallback()
    world.number["status_callback"] = links.status()


def nothing_listens(world):
    moved_to(world, f"http://127.0.0.1:{unused_port()}")


def no_tls(world):
    moved_to(world, world.front.url.replace("http://", "https://"))


def unknown_name(world):
    moved_to(world, "http://hotline.invalid")


def answers(status, text="", **headers):
    def change(world):
        world.front_answer = lambda asked: (status, text, {**XML, **headers})

    change.__name__ = f"front_answers_{status}{'_' + text[:4] if text else ''}"
    return change


def breaks_off(world):
    world.front_answer = lambda asked: None


def only_unsigned_passes(world):
    world.front_answer = lambda asked: (
        world.hold(asked) if "x-twilio-signature" in asked.headers else (200, TWIML, XML)
    )


RUN = "hotline run"
BROKEN = [
    (edge, "TWILIO_EDGE is set", "unset TWILIO_EDGE"),
    (region, "TWILIO_REGION is set", "unset TWILIO_REGION"),
    (odd_fallback, "HOTLINE_FALLBACK_NUMBER is 'reception'", "+8643188880000"),
    (wrong_token, "does not accept the credentials (401)", RUN),
    (no_token, "credentials are missing", "TWILIO_AUTH_TOKEN"),
    (api_key, "SID of an API key", "account's own SID"),
    (no_sid, "'AC123', which is no account SID", "32 digits"),
    (no_carrier, "no connection to http://127.0.0.1:", RUN),
    (other_carrier, "is not the carrier", RUN),
    (ill_carrier, "answers 503", RUN),
    (suspended, "the account is suspended", "console"),
    (trial, "trial account", "upgrade"),
    (ahead, "clock is 301 seconds ahead", "NTP"),
    (behind, "clock is 299 seconds behind", "NTP"),
    (foreign_number, "+8643199999 does not belong to the account", f"config/hotline.yml: {NUMBER}"),
    (no_number, f"{NUMBER} does not belong to the account", RUN),
    (no_voice, "no voice", "voice capability"),
    (on_a_trunk, "a SIP trunk", "Webhook"),
    (on_an_app, "a TwiML app", "Webhook"),
    (demo_url, "'A call comes in' of the number is https://demo.twilio.com/welcome/voice/", RUN),
    (asked_by_get, "'A call comes in' of the number is asked for by GET", RUN),
    (no_fallback, "'Primary handler fails' of the number is not set", RUN),
    (no_status, "'Call status changes' of the number is not set", RUN),
    (nothing_listens, "nothing answers at", RUN),
    (no_tls, "no trusted TLS at", "certificate"),
    (unknown_name, "the name hotline.invalid does not resolve", "DNS"),
    (breaks_off, "nothing answers at", RUN),
    (answers(403), "refuses a request that is signed with this account's token", "letter by letter"),
    (answers(404), "is not there (404)", RUN),
    (answers(301, Location="https://www.hotline.example/"), "redirects to https://www", "as public_url"),
    (answers(502), "answers in front (502)", RUN),
    (answers(500), "answers 500", "log"),
    (answers(200, "<html>It works!</html>"), "something else than TwiML", RUN),
    (answers(200, TWIML), "with a wrong signature with 200", "anybody|in front"),
    (only_unsigned_passes, "without a signature with 200", "in front"),
]


@pytest.mark.parametrize(("break_it", "what", "mend"), BROKEN, ids=lambda each: getattr(each, "__name__", ""))
def test_each_broken_setup_is_told_with_its_mend(break_it, what, mend, world):
    break_it(world)
    found = [finding for finding in troubles(world.findings()) if what in finding.what]
    assert len(found) == 1, [str(finding) for finding in world.findings()]
    assert any(words in found[0].mend for words in mend.split("|"))
    assert str(found[0]) == f"{found[0].what}\n    mend: {found[0].mend}"


@pytest.mark.parametrize(("break_it", "what", "mend"), BROKEN, ids=lambda each: getattr(each, "__name__", ""))
def test_the_token_is_in_no_finding(break_it, what, mend, world):
    break_it(world)
    assert not any(TOKEN in str(finding) or "c" * 32 in str(finding) for finding in world.findings())
    assert TOKEN not in repr(world.setup)


ON_TWILIO = [
    ({"public_url": "http://hotline.example"}, "in the clear", "https://"),
    ({"public_url": "https://127.0.0.1"}, "names 127.0.0.1, which Twilio can't reach", "public name"),
    ({"public_url": "https://10.0.0.7:8443"}, "names 10.0.0.7, which Twilio can't reach", "public name"),
    ({"public_url": "https://localhost"}, "names localhost, which Twilio can't reach", "public name"),
    ({"public_url": "https://city.local"}, "names city.local, which Twilio can't reach", "public name"),
    ({"emergency": {"police": "110", "fire": "119"}}, "short emergency numbers (110, 119)", "full numbers"),
    ({"auth_token": "c" * 32}, "does not accept the credentials", "the console's front page"),
    ({"number": "+8643199999"}, "does not belong to the account", NUMBER),
]


@pytest.mark.parametrize(("changes", "what", "mend"), ON_TWILIO)
def test_what_only_matters_on_twilio(changes, what, mend, world):
    found = [each for each in world.findings(carrier="twilio", **changes) if what in each.what]
    assert len(found) == 1
    assert mend in found[0].mend


def test_on_twilio_the_mend_is_in_the_console(world):
    world.number["voice_url"] = "https://demo.twilio.com/"
    (found,) = [each for each in world.findings(carrier="twilio") if "A call comes in" in each.what]
    assert (
        found.mend == f"in the console, set 'A call comes in' to {world.front.url}/voice/incoming, HTTP POST"
    )


def test_a_fragment_that_sets_timeouts_is_no_difference(world):
    world.number["voice_url"] += "#rc=2&rp=all"
    assert troubles(world.findings()) == []


def test_the_carrier_being_down_does_not_keep_the_doctor_from_the_front_door(world):
    findings = world.findings(base=f"http://127.0.0.1:{unused_port()}")
    assert [finding.level for finding in findings] == ["error", "fine"]
