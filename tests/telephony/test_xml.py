"""Text in XML comes out of any parser as it went in, but for what XML can't hold."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.xml import escaped, legal, value


@pytest.mark.parametrize(
    ("text", "in_text", "in_value"),
    [
        ("您好 Привет 🙂", "您好 Привет 🙂", "您好 Привет 🙂"),
        ("a & b", "a &amp; b", "a &amp; b"),
        ("<Hangup/>", "&lt;Hangup/&gt;", "&lt;Hangup/&gt;"),
        ("]]>", "]]&gt;", "]]&gt;"),
        ("\"x\" 'y'", "\"x\" 'y'", "&quot;x&quot; 'y'"),
        ("a\rb\r\nc", "a&#13;b&#13;\nc", "a&#13;b&#13;&#10;c"),
        ("a\tb", "a\tb", "a&#9;b"),
        ("a\x00\x08\x1b\ufffe\ud800b", "ab", "ab"),
        ("&amp;", "&amp;amp;", "&amp;amp;"),
    ],
)
def test_each_case(text, in_text, in_value):
    assert (escaped(text), value(text)) == (in_text, in_value)
    element = ET.fromstring(f'<x y="{value(text)}">{escaped(text)}</x>'.encode())  # noqa: S314  # our own
    assert (element.text, element.get("y")) == (legal(text), legal(text))


@given(st.text(st.characters() | st.sampled_from("\x00\r\n\t<>&\"'")))
def test_any_text_comes_back(text):
    element = ET.fromstring(f'<x y="{value(text)}">{escaped(text)}</x>'.encode())  # noqa: S314  # our own
    assert (element.text or "", element.get("y")) == (legal(text), legal(text))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])))
def test_nothing_that_can_be_read_is_lost(text):
    assert legal(text) == text
