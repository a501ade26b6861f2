"""What a command refuses to start with."""

import pytest
from click.testing import CliRunner

from terminal.clock import clock
from terminal.run import run
from terminal.web import web


@pytest.mark.parametrize("command", [run, web, clock], ids=lambda command: command.name)
@pytest.mark.parametrize("name", ["TWILIO_EDGE", "TWILIO_REGION"])
def test_another_host_of_the_carrier_is_refused_in_one_line_and_its_mend(command, name, monkeypatch):
    monkeypatch.setenv(name, "sydney")
    refused = CliRunner().invoke(command, [])
    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        f"{name} is set, which changes the carrier's host name",
        "    mend: unset it",
    ]
