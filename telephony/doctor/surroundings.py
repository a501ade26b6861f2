"""What can be seen without asking anybody: environment variables, the shape of credentials and numbers."""

import re
from collections.abc import Iterator, Mapping

from telephony import fallback
from telephony.carrier import EdgeRefused, refuse_edge
from telephony.doctor.finding import Finding, Setup, error, warning


def environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        try:
            refuse_edge({name: environ.get(name, "")})
        except EdgeRefused as refused:
            yield error(str(refused), f"unset {name} where the hotline is started")
    number = environ.get(fallback.NUMBER, "")
    if number and not fallback.diallable(number):
        yield error(
            f"{fallback.NUMBER} is '{number}', which can't be dialled",
            "set it to a number such as +8643188880000, or unset it: callers then reach a recorder",
        )


def credentials(setup: Setup, environ: Mapping[str, str]) -> Iterator[Finding]:
    made_up = setup.twilio and not environ.get("TWILIO_ACCOUNT_SID")  # by the hotline, for its own carrier
    if made_up or not setup.account_sid or not setup.auth_token:
        yield error(
            "the carrier's credentials are missing",
            "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to what the console's front page shows",
        )
    elif setup.account_sid.startswith("SK"):
        yield error(
            "TWILIO_ACCOUNT_SID holds the SID of an API key",
            "set the account's own SID and auth token: webhooks are signed with that token and no other",
        )
    elif not re.fullmatch("AC[0-9a-fA-F]{32}", setup.account_sid):
        yield error(
            f"TWILIO_ACCOUNT_SID is '{setup.account_sid}', which is no account SID",
            "it is AC and 32 digits 0-9, a-f: copy it from the console's front page",
        )
    elif setup.twilio and not re.fullmatch("[0-9a-fA-F]{32}", setup.auth_token):
        yield error(
            "TWILIO_AUTH_TOKEN is no auth token",
            "it is 32 digits 0-9, a-f: copy it from the console's front page",
        )


def emergencies(setup: Setup) -> Iterator[Finding]:
    if setup.twilio and setup.emergency:
        numbers = ", ".join(setup.emergency.values())
        yield warning(
            f"Twilio does not dial short emergency numbers ({numbers}) in most countries",
            'in the menus, transfer to the emergency centres\' full numbers, such as "+8643112345"',
        )
