"""What `hotline run` is about to start is looked at before it starts."""

from pathlib import Path

import pytest

from settings.config import load_config
from settings.secrets import Secrets, read_secrets
from terminal.plan import Plan
from terminal.refusal import Refusal

SAMPLE = Path(__file__).parents[2] / "config"


def plan(monkeypatch, web_port, carrier_port):
    """The sample, with --web-port and --carrier-port."""
    monkeypatch.setenv("HOTLINE_WEB_PORT", str(web_port))
    monkeypatch.setenv("HOTLINE_CARRIER_PORT", str(carrier_port))
    return Plan(load_config(SAMPLE).hotline, Secrets("AC1", "token", "key"), "127.0.0.1", 2, Path("var"))


@pytest.mark.parametrize(("web_port", "carrier_port"), [(8765, 8765), (8001, ""), ("", 8000)])
def test_one_port_for_two_is_refused_whichever_option_makes_it_so(monkeypatch, web_port, carrier_port):
    with pytest.raises(Refusal) as refused:
        plan(monkeypatch, web_port, carrier_port).check_carrier_port()
    port = web_port or carrier_port
    assert refused.value.message == (
        f"web and carrier are both to listen on port {port}\n"
        "    mend: choose another port for one of them: --web-port or --carrier-port"
    )


GOOD = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "2" * 32}


@pytest.mark.parametrize(
    ("environ", "wrong"),
    [
        ({}, "credentials are missing"),
        ({**GOOD, "TWILIO_ACCOUNT_SID": "foo"}, "TWILIO_ACCOUNT_SID is 'foo'"),
        ({**GOOD, "TWILIO_ACCOUNT_SID": "SK" + "1" * 32}, "SID of an API key"),
        ({**GOOD, "TWILIO_AUTH_TOKEN": "bar"}, "TWILIO_AUTH_TOKEN is no auth token"),
        (GOOD, None),
    ],
)
def test_on_twilio_an_account_of_the_hotlines_own_making_is_refused(monkeypatch, tmp_path, environ, wrong):
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    told = {"carrier": "twilio", "public_url": "https://hotline.example.org"}
    settings = load_config(SAMPLE).hotline.model_copy(update=told)
    secrets = read_secrets({**environ, "HOTLINE_VAR": str(tmp_path)})
    planned = Plan(settings, secrets, "127.0.0.1", 2, tmp_path)
    if wrong is None:
        return planned.check_account()
    with pytest.raises(Refusal, match=wrong) as refused:
        planned.check_account()
    assert "mend: " in refused.value.message
    return None
