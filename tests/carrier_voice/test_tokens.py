"""Which AccessTokens open a telephone, and which are refused, with Twilio's code."""

import time
from typing import Any

import jwt
import pytest

from carrier.model import Account
from carrier.voice.token import KIND, TokenRefused, read
from tests.carrier_voice.browser import token

ACCOUNT = Account("AC" + "a" * 32, "a token for tests that is long enough for HS256")
OTHER = Account(ACCOUNT.sid, "another token, of the same length or longer than it")


def made(secret: str = ACCOUNT.token, cty: str = KIND, **told: Any) -> str:
    claims = {
        "sub": ACCOUNT.sid,
        "exp": time.time() + 3600,
        "grants": {"identity": "kim", "voice": {"incoming": {"allow": True}}},
    }
    return jwt.encode(claims | told, secret, "HS256", {"cty": cty})


def test_the_librarys_own_token_opens() -> None:
    grant = read(ACCOUNT, token(ACCOUNT, "kim"))
    assert (grant.identity, grant.incoming, grant.outgoing) == ("kim", True, True)
    assert grant.application == "AP" + "0" * 32
    silent = read(ACCOUNT, token(ACCOUNT, "kim", incoming=False, outgoing=False))
    assert (silent.incoming, silent.outgoing) == (False, False)


@pytest.mark.parametrize("outgoing", [True, {}, {"application_sid": None}, {"application_sid": 7}])
def test_a_token_that_names_no_application_names_none(outgoing: object) -> None:
    grant = read(ACCOUNT, made(grants={"identity": "kim", "voice": {"outgoing": outgoing}}))
    assert (grant.outgoing, grant.application) == (True, "")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (token(OTHER, "kim"), 20101),
        (token(ACCOUNT, "kim", ttl=-10), 20104),
        (made(cty="something-else"), 20101),
        (made(sub="AC" + "b" * 32), 20101),
        (made(grants={}), 20101),
        (made(grants=7), 20101),
        (made(grants={"identity": "kim"}), 20101),
        (made(grants={"identity": "", "voice": {}}), 20101),
        (made(grants={"identity": "kim", "voice": []}), 20101),
        (jwt.encode({"sub": ACCOUNT.sid}, ACCOUNT.token, "HS256", {"cty": KIND}), 20101),
        (jwt.encode({"sub": ACCOUNT.sid}, None, "none"), 20101),
        ("", 20101),
        ("a.b.c", 20101),
        (token(ACCOUNT, "kim")[:-3] + "abc", 20101),
    ],
)
def test_a_forged_expired_or_incomplete_token_is_refused(wrong: str, code: int) -> None:
    with pytest.raises(TokenRefused) as refused:
        read(ACCOUNT, wrong)
    assert refused.value.code == code
