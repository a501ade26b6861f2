"""The signature agrees with the library's own validator, and with nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from telephony.signature import Signature

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675310"],
    "Digits": ["1234"],
    "From": ["+14158675310"],
    "To": ["+18005551212"],
}
SIGNED = "GvWf1cFY/Q7PnoempGyD5oXAezc="  # from the library's own documentation

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
forms = st.dictionaries(
    names, st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4)
)
urls = st.builds(
    "{}://hotline.example{}/voice/step{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", ":80", ":443", ":8000"]),
    st.sampled_from(["", "?n=1", "?offer=OF%20x&é=1"]),
)


class Form(dict):
    getlist = dict.__getitem__


def theirs(url, form, header, token=TOKEN):
    return RequestValidator(token).validate(url, Form(form), header)


def test_the_documented_example():
    assert Signature(TOKEN).of(URL, FORM) == SIGNED
    assert Signature(TOKEN).matches(URL, FORM, SIGNED)


@given(urls, forms)
def test_what_this_signs_the_library_accepts_and_the_other_way_round(url, form):
    ours = Signature(TOKEN)
    assert theirs(url, form, ours.of(url, form))
    assert ours.matches(url, form, ours.of(url, form))
    assert ours.matches(url, form, RequestValidator(TOKEN).compute_signature(url, Form(form)))


@given(urls, forms, st.text(max_size=40))
def test_any_other_header_is_refused_as_the_library_refuses_it(url, form, header):
    assert Signature(TOKEN).matches(url, form, header) == theirs(url, form, header)


@given(urls, forms, forms)
def test_a_changed_form_is_refused(url, form, other):
    header = Signature(TOKEN).of(url, form)
    assert Signature(TOKEN).matches(url, other, header) == theirs(url, other, header)


@pytest.mark.parametrize(
    ("asked", "signed"),
    [
        ("https://a.example/x", "https://a.example:443/x"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example:8000/x", "http://a.example/x"),
    ],
)
def test_the_port_may_be_signed_or_left_out(asked, signed):
    header = Signature(TOKEN).of(signed, FORM)
    assert Signature(TOKEN).matches(asked, FORM, header)


@pytest.mark.parametrize("header", [None, "", "x", "汉", "\udc80", SIGNED[:-1], SIGNED + " ", SIGNED.lower()])
def test_no_and_broken_headers_are_refused(header):
    assert not Signature(TOKEN).matches(URL, FORM, header)


def test_another_token_is_refused():
    assert not Signature("54321").matches(URL, FORM, SIGNED)


def test_the_signature_is_of_the_whole_url():
    header = Signature(TOKEN).of("https://a.example/voice/step?n=1", FORM)
    assert not Signature(TOKEN).matches("https://a.example/voice/step?n=2", FORM, header)
    assert not Signature(TOKEN).matches("https://a.example/voice/step", FORM, header)


def test_a_get_signs_the_url_alone():
    url = "https://a.example/voice/hold?CallSid=CA1&From=%2B86"
    assert Signature(TOKEN).matches(url, None, Signature(TOKEN).of(url))
    assert theirs(url, {}, Signature(TOKEN).of(url))


def test_the_same_value_twice_counts_once_and_the_order_of_values_not_at_all():
    one = {"Media": ["b", "a", "b"]}
    assert Signature(TOKEN).of(URL, one) == Signature(TOKEN).of(URL, {"Media": ["a", "b"]})
    assert theirs(URL, one, Signature(TOKEN).of(URL, one))


def test_a_body_is_held_to_the_hash_in_the_signed_url():
    body = '{"CallSid": "CA1", "words": "你好"}'.encode()
    url = f"https://a.example/events?bodySHA256={sha256(body).hexdigest()}"
    header = Signature(TOKEN).of(url)
    assert Signature(TOKEN).matches(url, None, header, body)
    assert RequestValidator(TOKEN).validate(url, body.decode(), header)
    assert not Signature(TOKEN).matches(url, None, header, body + b" ")
    assert not Signature(TOKEN).matches("https://a.example/events", None, header, body)


def test_what_has_no_utf8_and_a_port_that_is_no_number_are_refused_without_an_error():
    assert not Signature(TOKEN).matches(URL, {"From": ["\udcff"]}, SIGNED)
    assert not Signature(TOKEN).matches("https://a.example:port/x", FORM, SIGNED)
