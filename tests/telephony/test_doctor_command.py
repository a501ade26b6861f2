"""`hotline doctor`, as it is read in a terminal."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from telephony.doctor import Finding

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path, monkeypatch) -> Path:
    shutil.copytree(CONFIG, tmp_path / "config")
    monkeypatch.setenv("HOTLINE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path / "var"))
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "HOTLINE_SECRET"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "config"


def ask(monkeypatch, *findings: Finding) -> tuple[Result, list]:
    asked = []
    monkeypatch.setattr("telephony.doctor.examine", lambda setup: asked.append(setup) or list(findings))
    return CliRunner().invoke(main, ["doctor"]), asked


def test_it_examines_the_configured_hotline(config, monkeypatch):
    done, (setup,) = ask(monkeypatch, Finding("fine", "all is well"))
    assert (done.exit_code, done.output) == (0, "✓ all is well\n")
    assert (setup.carrier, setup.base, setup.public_url, setup.number) == (
        "local", "http://127.0.0.1:8001", "http://127.0.0.1:8000", "+8643112345",
    )  # fmt: skip


def test_twilio_is_asked_when_twilio_carries_the_calls(config, monkeypatch):
    text = (config / "hotline.yml").read_text(encoding="utf-8")
    text = text.replace("carrier: local", "carrier: twilio")
    text = text.replace("public_url: http://127.0.0.1:8000", "public_url: https://hotline.example.org")
    (config / "hotline.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "1" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "2" * 32)
    _, (setup,) = ask(monkeypatch)
    assert (setup.base, setup.account_sid) == ("https://api.twilio.com", "AC" + "1" * 32)
    assert setup.emergency["police"] == "110"


def test_an_error_is_told_with_its_mend_and_ends_with_1(config, monkeypatch):
    done, _ = ask(
        monkeypatch, Finding("warning", "a trial", "upgrade"), Finding("error", "no number", "buy one")
    )
    assert done.exit_code == 1
    assert done.output == "! a trial\n    mend: upgrade\n✗ no number\n    mend: buy one\n"


def test_a_warning_alone_is_no_failure(config, monkeypatch):
    assert ask(monkeypatch, Finding("warning", "a trial", "upgrade"))[0].exit_code == 0


def test_a_broken_configuration_comes_first(config, monkeypatch):
    (config / "hotline.yml").write_text("number: 5\n", encoding="utf-8")
    done, asked = ask(monkeypatch)
    assert (done.exit_code, asked) == (1, [])
    assert "hotline.yml:1:" in done.output
    assert "mend it, then ask the doctor again" in done.output


def test_half_of_the_credentials_is_told(config, monkeypatch):
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "1" * 32)
    done, asked = ask(monkeypatch)
    assert (done.exit_code, asked) == (1, [])
    assert "TWILIO_AUTH_TOKEN is not\n    mend: set both" in done.output
