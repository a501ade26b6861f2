"""AccessTokens: who a telephone in the browser is, as the app has signed it."""

from dataclasses import dataclass
from typing import Any

import jwt

from carrier.model import Account

KIND = "twilio-fpa;v=1"
EXPIRED, INVALID = 20104, 20101


class TokenRefused(Exception):
    """A token that opens nothing; `code` is Twilio's."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass(frozen=True)
class Grant:
    """What a token allows: to ring as client:`identity`, and to call out."""

    identity: str
    incoming: bool
    outgoing: bool
    application: str
    """The SID of the TwiML App that answers its calls; empty where it names none."""
    expires: float
    """Seconds since 1970."""


def read(account: Account, token: str) -> Grant:
    """The grant of a token that the account's own secret has signed. Raises TokenRefused."""
    try:
        header = jwt.get_unverified_header(token)
        told = jwt.decode(token, account.token, ["HS256"], options={"require": ["exp", "sub"]})
    except jwt.ExpiredSignatureError:
        raise TokenRefused(EXPIRED, "the access token has expired: ask the app for another") from None
    except (
        jwt.PyJWTError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:  # the last ones: no text at all
        raise TokenRefused(INVALID, f"this is no access token of the account: {error}") from None
    if header.get("cty") != KIND or told.get("sub") != account.sid:
        raise TokenRefused(INVALID, f"an access token has cty {KIND!r} and the account as its subject")
    grants = told.get("grants")
    voice = grants.get("voice") if isinstance(grants, dict) else None
    identity = grants.get("identity") if isinstance(grants, dict) else None
    if not isinstance(voice, dict) or not isinstance(identity, str) or not identity:
        raise TokenRefused(INVALID, "the access token has no identity and voice grant")
    outgoing = voice.get("outgoing")
    application = outgoing.get("application_sid") if isinstance(outgoing, dict) else None
    return Grant(
        identity,
        incoming=_allows(voice, "incoming"),
        outgoing="outgoing" in voice,
        application=application if isinstance(application, str) else "",
        expires=float(told["exp"]),
    )


def _allows(voice: dict[str, Any], direction: str) -> bool:
    grant = voice.get(direction)
    return isinstance(grant, dict) and grant.get("allow") is True
