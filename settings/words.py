"""The small pieces that several files share: languages, names, telephone numbers, web addresses."""

import re
from typing import Annotated
from urllib.parse import urlsplit

import phonenumbers
from pydantic import AfterValidator, Field, WithJsonSchema

from settings.languages import LANGUAGES
from settings.problems import did_you_mean
from settings.shape import wrong

COUNTRIES = {"cn": "zh", "gb": "en", "us": "en", "jp": "ja", "kr": "ko"}  # often taken for languages


def _language(code: str) -> str:
    if code not in LANGUAGES:
        mend = did_you_mean(COUNTRIES.get(code.lower(), code), LANGUAGES)
        raise wrong(f"is '{code}', a language the hotline can't speak", mend)
    return code


def _text(text: str) -> str:
    if not text.strip():
        raise wrong("has no text", "write the text, or leave the key out")
    return text


def _slug(name: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9-]{0,39}", name):
        raise wrong("can't be a name", "use small letters a to z, digits and -, such as kim or night-desk")
    return name


def possible_number(number: str) -> str:
    """A number that could be dialled: short service numbers such as 12345 behind an area code too."""
    if not re.fullmatch(r"\+[0-9]+", number):
        raise wrong(f"is '{number}', which is no international number", 'write it like "+8643112345"')
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        raise wrong(
            f"is '{number}', whose country code there is not", 'write it like "+8643112345"'
        ) from None
    if not phonenumbers.is_possible_number(parsed):
        raise wrong(f"is '{number}', which has too few or too many digits", "compare it with the real number")
    return number


def valid_number(number: str) -> str:
    """The number of a telephone, as its country gives them out."""
    if not phonenumbers.is_valid_number(phonenumbers.parse(possible_number(number))):
        raise wrong(
            f"is '{number}', a number that its country doesn't give out", "compare it with the real number"
        )
    return number


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        usable = usable and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or re.search(r"\s", url):
        raise wrong(f"is '{url}', which is no web address", "write it like https://hotline.example.org")
    return url.rstrip("/")


Language = Annotated[str, AfterValidator(_language), WithJsonSchema({"type": "string", "enum": [*LANGUAGES]})]


def _once(codes: tuple[str, ...]) -> tuple[str, ...]:
    if twice := [code for number, code in enumerate(codes) if code in codes[:number]]:
        raise wrong(f"has '{twice[0]}' twice", "name each language once")
    return codes


Languages = Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(_once)]
Text = Annotated[str, AfterValidator(_text)]
Texts = Annotated[dict[Language, Text], Field(description="The text in each language of the hotline")]
BEST = 5
Level = Annotated[int, Field(strict=True, ge=1, le=BEST)]
Slug = Annotated[str, AfterValidator(_slug)]
HotlineNumber = Annotated[str, AfterValidator(possible_number)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
