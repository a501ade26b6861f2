"""What `hotline run` is about to start is looked at before it starts."""

from pathlib import Path

import pytest

from settings.config import load_config
from settings.secrets import Secrets
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
