"""What is wrong between the hotline and its carrier, in words, each with its mend."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from telephony.doctor.account import account
from telephony.doctor.api import Api
from telephony.doctor.finding import Finding, Setup, error
from telephony.doctor.front import Front
from telephony.doctor.number import number
from telephony.doctor.surroundings import credentials, emergencies, environment
from telephony.wire import Unreachable, Wire

__all__ = ["Finding", "Setup", "credentials", "examine"]


def utc_now() -> datetime:
    return datetime.now(UTC)


def examine(
    setup: Setup,
    environ: Mapping[str, str] = os.environ,
    now: Callable[[], datetime] = utc_now,
) -> list[Finding]:
    """Look at everything; nothing is changed anywhere. Without credentials, neither side can be asked."""
    findings = [*environment(environ), *emergencies(setup)]
    if missing := list(credentials(setup, environ)):
        return [*findings, *missing]
    return [*findings, *_carrier(setup, now), *Front(setup).findings()]


def _carrier(setup: Setup, now: Callable[[], datetime]) -> list[Finding]:
    api = Api(setup, Wire(setup.base))
    found: list[Finding] = []
    try:
        found += account(api, now)
        if all(each.level != "error" for each in found):
            found += number(api)
    except Unreachable as unreachable:
        found.append(error(str(unreachable), api.mend("check the way out: network, DNS, HTTPS_PROXY")))
    finally:
        api.wire.session.close()
    return found
