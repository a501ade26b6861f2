"""Telephone numbers as carriers and people write them, and as they may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tickets.phone import dialable, e164, masked, mobile, national

WRITTEN = {
    "+8643188880001": "+8643188880001",
    "043188880001": "+8643188880001",
    "0431-8888 0001": "+8643188880001",
    "+86 138 0000 0001": "+8613800000001",
    "13800000001": "+8613800000001",
    "0082 10 1234 5678": "+821012345678",
    "+12025550100": "+12025550100",
    "sip:+8643188880001@trunk.example.org": "+8643188880001",
}

WITHHELD = [
    *(None, "", " ", "anonymous", "Anonymous", "Restricted", "unknown", "client:kim", "sip:kim@example.org"),
    *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"),  # the words on a keypad
    *("+1", "+", "agent12345678", "+999999999999999999", "1234<script>"),
]

SHOWN = {
    "+8643188880001": "+86 431 **** 0001",
    "+8613800000001": "+86 138 **** 0001",
    "+821012345678": "+82 10 **** 5678",
    "+81312345678": "+81 3 **** 5678",
    "+74951234567": "+7 495 **** 567",
    "+12025550100": "+1 202 **** 100",
    None: "withheld",
    "no number": "****",
}


@pytest.mark.parametrize(("raw", "kept"), WRITTEN.items())
def test_a_number_is_kept_in_one_spelling(raw: str, kept: str) -> None:
    assert e164(raw, "CN") == kept


@pytest.mark.parametrize("raw", WITHHELD)
def test_what_is_no_number_is_withheld(raw: str | None) -> None:
    assert e164(raw, "CN") is None


@pytest.mark.parametrize(("number", "shown"), SHOWN.items())
def test_a_number_is_shown_masked(number: str | None, shown: str) -> None:
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("raw", "called"),
    [
        ("+8643188880001", "+8643188880001"),
        ("043188880001", "+8643188880001"),
        ("13804310001", "+8613804310001"),
        ("88880001", None),  # without its area code
        ("110", None),
        ("+82212345678", None),  # another country's
        ("0082212345678", None),
        ("+861688888888", None),  # costs more
        ("4001234567", None),
        ("anonymous", None),
        (None, None),
    ],
)
def test_which_numbers_the_hotline_calls(raw: str | None, called: str | None) -> None:
    assert dialable(raw, "CN") == called


@pytest.mark.parametrize(
    ("raw", "country", "called"),
    [
        ("+12025550100", "US", "+12025550100"),
        ("+18764567890", "US", None),  # Jamaica, with which silent calls are made to earn
        ("+14165550123", "US", None),
        ("+14165550123", "CA", "+14165550123"),
        ("+77012345678", "RU", None),  # Kazakhstan
        ("07012345678", "GB", None),  # a personal number, dearer than any telephone
        ("5005551234", "US", None),
    ],
)
def test_countries_that_share_a_code_are_told_apart(raw: str, country: str, called: str | None) -> None:
    assert dialable(raw, country) == called


def test_a_number_as_it_is_dialled_at_home() -> None:
    assert national("+8643188880001") == "043188880001"
    assert national("+8613804310001") == "13804310001"


@given(some.text(max_size=30))
def test_anything_may_come_as_a_number(raw: str) -> None:
    kept = e164(raw, "CN")
    assert kept is None or e164(kept, "US") == kept


@given(some.from_regex(r"\+(86|82|81|7|1|44)[1-9][0-9]{7,10}", fullmatch=True))
def test_four_digits_of_a_number_are_never_shown(number: str) -> None:
    shown = sum(letter.isdigit() for letter in masked(number))
    assert shown <= len(number) - 1 - 4


@pytest.mark.parametrize(
    ("number", "is_mobile"),
    [
        ("+8613804310001", True),
        ("+8643188880001", False),
        ("+819012345678", True),
        ("+12025550100", False),  # one numbering plan for all: it may be a company's
        ("+864008123456", False),
    ],
)
def test_a_mobile_telephone_is_told_from_what_many_may_share(number: str, is_mobile: bool) -> None:
    assert mobile(number) is is_mobile
