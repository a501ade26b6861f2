"""Every webhook's address stands on the configured public URL, whatever the request says."""

import pytest

from telephony.links import Links


@pytest.mark.parametrize(
    ("name", "arguments", "path"),
    [
        ("incoming", (), "/voice/incoming"),
        ("step", (3,), "/voice/step?n=3"),
        ("wait", (3,), "/voice/wait?n=3"),
        ("left", (3,), "/voice/left?n=3"),
        ("join", ("OF1",), "/voice/join?offer=OF1"),
        ("talked", ("OF1",), "/voice/talked?offer=OF1"),
        ("recording", (), "/voice/recording"),
        ("status", (), "/voice/status"),
        ("fallback", (), "/voice/fallback"),
        ("hold", (), "/voice/hold"),
        ("agent_offer", ("OF1",), "/agent/offer?offer=OF1"),
        ("agent_accept", ("OF1",), "/agent/accept?offer=OF1"),
        ("agent_status", ("OF1",), "/agent/status?offer=OF1"),
        ("agent_talked", ("OF1",), "/agent/talked?offer=OF1"),
        ("call_back_answered", ("OF1",), "/call-back/answered?offer=OF1"),
        ("call_back_key", ("OF1",), "/call-back/key?offer=OF1"),
        ("call_back_status", ("OF1",), "/call-back/status?offer=OF1"),
        ("conference", ("OF1",), "/conference?offer=OF1"),
        ("recorded", ("audio/zh/hello.wav",), "/prompts/audio/zh/hello.wav"),
    ],
)
def test_each_link(name, arguments, path):
    for public in ("https://hotline.example", "https://hotline.example/", "https://city.example/hotline"):
        assert getattr(Links(public), name)(*arguments) == public.rstrip("/") + path


def test_every_link_is_in_the_table_above():
    table = {mark.args[1][i][0] for mark in test_each_link.pytestmark for i in range(len(mark.args[1]))}
    assert table == {name for name in vars(Links) if not name.startswith("_") and name != "asked"}


def test_an_offer_is_quoted():
    assert (
        Links("https://h.example").join("a&b=c d/é")
        == "https://h.example/voice/join?offer=a%26b%3Dc%20d%2F%C3%A9"
    )


@pytest.mark.parametrize(
    ("public", "path", "query", "url"),
    [
        ("https://h.example", "/voice/step", "n=3", "https://h.example/voice/step?n=3"),
        ("https://h.example/", "/voice/incoming", "", "https://h.example/voice/incoming"),
        ("https://h.example/hot", "/hot/voice/step", "n=3", "https://h.example/hot/voice/step?n=3"),
        ("https://h.example/hot", "/voice/step", "n=3", "https://h.example/hot/voice/step?n=3"),
    ],
)
def test_the_url_that_the_carrier_signed(public, path, query, url):
    """A proxy in front may take a leading folder off the path, or leave it."""
    assert Links(public).asked(path, query) == url
