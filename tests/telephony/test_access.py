"""Access tokens for telephones in the browser: what Twilio needs for them, and what they allow."""

import jwt
import pytest

from telephony.access import NEEDED, Access, NoTelephones

TOKEN = "0123456789abcdef" * 2
TWILIO = {
    "TWILIO_API_KEY_SID": "SK" + "1" * 32,
    "TWILIO_API_KEY_SECRET": "a secret of thirty-two characters",
    "TWILIO_TWIML_APP_SID": "AP" + "2" * 32,
}


def test_twilio_wants_an_api_key_and_a_twiml_app() -> None:
    access = Access.of("twilio", "AC1", TOKEN, TWILIO)
    told = jwt.decode(access.token("kim", rings=True, calls=True), TWILIO["TWILIO_API_KEY_SECRET"], ["HS256"])
    assert (told["iss"], told["sub"]) == (TWILIO["TWILIO_API_KEY_SID"], "AC1")
    voice = told["grants"]["voice"]
    assert voice["incoming"] == {"allow": True}
    assert voice["outgoing"]["application_sid"] == TWILIO["TWILIO_TWIML_APP_SID"]


@pytest.mark.parametrize("missing", NEEDED)
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(NoTelephones, match=missing):
        Access.of("twilio", "AC1", TOKEN, {**TWILIO, missing: ""})


def test_a_token_allows_no_more_than_was_asked() -> None:
    access = Access.of("local", "AC1", TOKEN, {})
    told = jwt.decode(access.token("kim"), TOKEN, ["HS256"])
    assert "outgoing" not in told["grants"]["voice"]
    assert told["grants"]["voice"].get("incoming", {}).get("allow") is not True
