"""An admin changes what the carrier knows the hotline by: calls go on as before, until the next start."""

import pytest
from structlog.testing import capture_logs

from settings.started import handed_down
from switchboard.opening import watched
from switchboard.setup import load

CHANGES = {
    "number": ('"+8643112345"', '"+8643112346"'),
    "public_url": ("http://127.0.0.1:8000", "http://127.0.0.1:8010"),
    "carrier_url": ("http://127.0.0.1:8001", "http://127.0.0.1:8011"),
}


@pytest.fixture(autouse=True)
def _own_folder(config, monkeypatch):
    for name in ("HOTLINE_CONFIG", "HOTLINE_WEB_PORT", "HOTLINE_CARRIER_PORT", "HOTLINE_STARTED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOTLINE_VAR", "var")


def change(config, old, new):
    file = config / "hotline.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def looked(live):
    live.look()
    live.look()
    return live.current.config.hotline


@pytest.mark.parametrize("key", CHANGES)
def test_a_change_waits_for_the_next_start_and_says_so_while_all_else_is_taken_up(config, key):
    live = watched()
    before = getattr(live.current.config.hotline, key)
    change(config, *CHANGES[key])
    change(config, "offer_seconds: 20", "offer_seconds: 25")
    with capture_logs() as logs:
        hotline = looked(live)
    assert (getattr(hotline, key), hotline.offer_seconds) == (before, 25)
    [said] = [log for log in logs if log["log_level"] == "warning"]
    assert said["event"] == "takes effect when the hotline is started again"
    assert (said["key"], said["now"], said["then"]) == (key, before, CHANGES[key][1].strip('"'))


def test_another_carrier_waits_for_the_next_start_too(config):
    live = watched()
    change(config, "http://127.0.0.1:8000", "https://hotline.example.org")
    change(config, "carrier: local", "carrier: twilio")
    assert (looked(live).carrier, looked(live).public_url) == ("local", "http://127.0.0.1:8000")


def test_a_part_that_starts_later_is_what_the_hotline_started_as(config, monkeypatch):
    for name, value in handed_down(load(config).config.hotline).items():
        monkeypatch.setenv(name, value)
    change(config, *CHANGES["number"])
    with capture_logs() as logs:
        assert watched().current.config.hotline.number == "+8643112345"
    assert [log["key"] for log in logs] == ["number"]


def test_so_is_one_that_starts_with_the_last_configuration_that_was_right(config, monkeypatch):
    handed = handed_down(load(config).config.hotline)
    change(config, *CHANGES["number"])
    watched()
    (config / "queues.yml").write_text("people: {")
    for name, value in handed.items():
        monkeypatch.setenv(name, value)
    assert watched().current.config.hotline.number == "+8643112345"


def test_the_next_start_has_what_stands_there_then(config):
    watched()
    change(config, *CHANGES["number"])
    assert watched().current.config.hotline.number == "+8643112346"
