"""The small readers and writers beneath the API."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from multidict import MultiDict

from carrier.model import CarrierError
from carrier.rest.dates import iso8601, period, rfc2822
from carrier.rest.form import Form, is_url
from carrier.rest.messages import segments
from carrier.rest.phone_numbers import formatted, is_phone_number


def test_dates_are_written_in_utc_with_english_names():
    beijing = timezone(timedelta(hours=8))
    assert rfc2822(datetime(2010, 9, 1, 4, 36, 28, tzinfo=beijing)) == "Tue, 31 Aug 2010 20:36:28 +0000"
    assert iso8601(datetime(2010, 9, 1, 4, 36, 28, tzinfo=beijing)) == "2010-08-31T20:36:28Z"
    assert rfc2822(None) is None


def test_a_day_ends_where_the_next_begins():
    day = period("StartTime", on="2026-03-02")
    assert datetime(2026, 3, 2, tzinfo=UTC) in day
    assert datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=UTC) in day
    assert datetime(2026, 3, 3, tzinfo=UTC) not in day
    assert None not in day
    assert None in period("EndTime")


@pytest.mark.parametrize("text", ["2026-13-01", "soon", "2026", "20260302T25"])
def test_what_is_no_date_is_named(text):
    with pytest.raises(CarrierError, match="EndTime is not a date") as refused:
        period("EndTime", before=text)
    assert refused.value.code == 20001


@pytest.mark.parametrize(
    ("text", "flag"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("1", False), ("", False)],
)
def test_only_true_is_true(text, flag):
    assert Form(MultiDict(Muted=text)).flag("Muted") is flag


def test_what_was_not_asked_for_is_known():
    form = Form(MultiDict([("To", "x"), ("Weather", "fine"), ("Event", "a"), ("Event", "b c")]))
    assert form.flag("Muted") is None
    assert form.many("Event") == ("a", "b", "c")
    assert "To" in form
    assert form.unasked() == ["Weather"]


@pytest.mark.parametrize(
    "text", ["http://localhost:8000/x", "https://a.b/?c=d#e", "http://127.0.0.1", "http://[::1]:8/x"]
)
def test_these_are_urls(text):
    assert is_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/voice",
        "http://",
        "http:///x",
        "mailto:a@b",
        "localhost:8000",
        "http://[x",
        "http://a:99999/",
        "http://a:x/",
        "http://a:0/",
        " http://a/",
        "http://a/\n",
    ],
)
def test_these_are_not(text):
    assert not is_url(text)


@pytest.mark.parametrize("text", ["+8643112345", "110", "12345", "+12025550100"])
def test_these_can_be_called(text):
    assert is_phone_number(text)


@pytest.mark.parametrize(
    "text", ["", "+", "+0431", "1", "0431-12345", "+86 431", "kim", "+1234567890123456", "一一〇"]
)
def test_these_cannot(text):
    assert not is_phone_number(text)


def test_american_numbers_are_written_as_twilio_writes_them():
    assert formatted("+14158675308") == "(415) 867-5308"
    assert formatted("+8643112345") == "+8643112345"
    assert formatted("client:kim") == "client:kim"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("您" * 70, 1),
        ("您" * 71, 2),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
    ],
)
def test_a_long_text_goes_in_parts(body, count):
    assert segments(body) == count
