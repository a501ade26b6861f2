"""Who may be called, by whom, and how a number is shown."""

import re

from carrier.exchange import Exchange
from carrier.model import CarrierError, Number

E164 = re.compile(r"\+[1-9][0-9]{1,14}")
SHORT = re.compile(r"[0-9]{2,8}")
BLANKS = re.compile(r"[\s().-]")
AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")


def is_phone_number(text: str) -> bool:
    """E.164, or a short code such as 110."""
    return bool(E164.fullmatch(text) or SHORT.fullmatch(text))


def own_number(exchange: Exchange, phone_number: str) -> Number | None:
    """The number of the carrier's own that is written so."""
    return next((one for one in exchange.numbers.values() if one.phone_number == tidy(phone_number)), None)


def tidy(address: str) -> str:
    """A number without the blanks, dots and brackets that people write into it; a name as it is."""
    return address if ":" in address else BLANKS.sub("", address)


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
