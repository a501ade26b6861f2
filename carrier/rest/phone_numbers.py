"""Who may be called, by whom, and how a number is shown."""

import re

from carrier.core import tidy
from carrier.dialling import own_number
from carrier.exchange import Exchange
from carrier.model import CarrierError

E164 = re.compile(r"\+[1-9][0-9]{1,14}")
SHORT = re.compile(r"[0-9]{2,8}")
AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")


def is_phone_number(text: str) -> bool:
    """E.164, or a short code such as 110."""
    return bool(E164.fullmatch(text) or SHORT.fullmatch(text))


def ends(exchange: Exchange, to: str, from_: str) -> tuple[str, str]:
    """Both, tidied. What Twilio refuses is refused: a telephone is only called from an own number."""
    to, from_ = tidy(to), tidy(from_)
    client = to.startswith(("client:", "sip:"))
    if not client and not is_phone_number(to):
        raise CarrierError(400, 21211, f"The phone number you are attempting to call, {to}, is not valid.")
    if is_phone_number(from_):
        if own_number(exchange, from_) is None:
            raise CarrierError(
                400,
                21210,
                f"The source phone number provided, {from_}, is not yet verified for your account."
                " You may only make calls from phone numbers that you've verified or purchased.",
            )
    elif not client:
        raise CarrierError(400, 21212, f"The source phone number provided, {from_}, is not valid.")
    return to, from_


def formatted(address: str) -> str:
    """`(415) 867-5308` for an American number, everything else as it is."""
    parts = AMERICAN.fullmatch(address)
    return "({}) {}-{}".format(*parts.groups()) if parts else address
