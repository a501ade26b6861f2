"""Telephone numbers of callers: one spelling to keep, and one that may be shown."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# Carriers write a withheld number as a word, or spell the word on the keypad: +266696687 is ANONYMOUS.
WITHHELD = ("anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld")
KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
SPELLED = frozenset(f"+{word.translate(KEYPAD)}" for word in WITHHELD)

NUMBER = re.compile(r"\+?[\d\s().\-/]{3,}")
SIP = re.compile(r"sips?:([^@;]+)", re.IGNORECASE)


@lru_cache(maxsize=65536)
def e164(raw: str | None, country: str) -> str | None:
    """`raw`, as a carrier or a person in `country` writes it, as +8643188880001; None when withheld.

    None also for what is no telephone number: client:kim, a word.
    """
    written = (raw or "").strip()
    if sip := SIP.match(written):
        written = sip[1]
    if written in SPELLED or not NUMBER.fullmatch(written):
        return None
    try:
        number = phonenumbers.parse(written, country)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


# Numbers that cost whoever calls them more than a call.
COSTLY = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


@lru_cache(maxsize=4096)
def dialable(raw: str | None, country: str) -> str | None:
    """The number in E.164, if the hotline calls it: one of its own country, and no costlier than others.

    Anybody may claim any number, and a hotline that called every one would pay for it. Countries that share
    a code are told apart: Jamaica's +1 876 is none of the United States.
    """
    number = e164(raw, country)
    if number is None:
        return None
    parsed = phonenumbers.parse(number)
    if not phonenumbers.is_valid_number_for_region(parsed, country):
        return None
    return None if phonenumbers.number_type(parsed) in COSTLY else number


@lru_cache(maxsize=4096)
def mobile(number: str) -> bool:
    """Whether the E.164 number is surely that of a mobile telephone, which is one person's; not where the
    country does not tell them apart, as the United States."""
    return phonenumbers.number_type(phonenumbers.parse(number)) == PhoneNumberType.MOBILE


@lru_cache(maxsize=4096)
def national(number: str) -> str:
    """The digits of an E.164 number as they are dialled in its country."""
    written = phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)
    return "".join(filter(str.isdigit, written))


@lru_cache(maxsize=4096)
def masked(number: str | None) -> str:
    """+8643188880001 as "+86 431 **** 0001": the country, the area and the last digits, four at most.

    At least four digits of the subscriber's own number stay hidden.
    """
    if number is None:
        return "withheld"
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return "****"
    digits = phonenumbers.national_significant_number(parsed)
    area = phonenumbers.length_of_national_destination_code(parsed)
    shown = min(4, max(0, len(digits) - area - 4))
    parts = (f"+{parsed.country_code}", digits[:area], "****", digits[len(digits) - shown :])
    return " ".join(part for part in parts if part)
