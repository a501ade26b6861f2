"""`hotline doctor`: what is wrong between the hotline and its carrier."""

import os
from urllib.parse import urlsplit

import click

from terminal.refusal import Refusal

MARKS = {"fine": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}


@click.command()
def doctor() -> None:
    """Check credentials, number, public URL and signature; say what is wrong and the mend.

    Nothing is changed, neither here nor at the carrier. Ends with 1 when there is an error.
    """
    from settings.config import load_config
    from settings.problems import ConfigRefused
    from settings.secrets import SecretsUnusable, config_folder, read_secrets
    from telephony.doctor import Setup, examine
    from telephony.wire import TWILIO

    _as_it_runs()
    try:
        hotline = load_config(config_folder()).hotline
        secrets = read_secrets()
    except ConfigRefused as refused:
        raise Refusal(
            f"{refused}\nthe configuration is refused", "mend it, then ask the doctor again"
        ) from None
    except SecretsUnusable as unusable:
        raise Refusal(*str(unusable).split("\n    mend: ", 1)) from None
    findings = examine(
        Setup(
            carrier=hotline.carrier,
            base=TWILIO if hotline.carrier == "twilio" else hotline.carrier_url,
            public_url=hotline.public_url,
            number=hotline.number,
            account_sid=secrets.account_sid,
            auth_token=secrets.auth_token,
            emergency=hotline.emergency,
        )
    )
    for finding in findings:
        mark, colour = MARKS[finding.level]
        click.echo(f"{click.style(mark, fg=colour, bold=True)} {finding}")
    if any(finding.level == "error" for finding in findings):
        raise SystemExit(1)


def _as_it_runs() -> None:
    """A hotline that runs here on other ports is examined on those."""
    from settings.secrets import variable_folder
    from terminal.running import find

    running = find(variable_folder())
    if running is None:
        return
    for name, url in (("HOTLINE_WEB_PORT", running.web), ("HOTLINE_CARRIER_PORT", running.carrier)):
        if url:
            os.environ.setdefault(name, str(urlsplit(url).port))
