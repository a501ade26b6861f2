"""Does the carrier know this account, and do its clock and ours agree?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from telephony.carrier import CLOCKS_APART
from telephony.doctor.api import Api, Told
from telephony.doctor.finding import Finding, error, fine, warning

SKEW_SECONDS = CLOCKS_APART.total_seconds()
CONSOLE = "the console's front page"


def account(api: Api, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Findings about the account; after an error the rest can't be asked."""
    told = api.ask()
    if told.status != 200:
        yield _refused(api, told)
        return
    yield from _skew(told.date, now())
    if told.body.get("status", "active") != "active":
        yield error(f"the account is {told.body['status']}", "see to it in the console: billing, or support")
        return
    if told.body.get("type") == "Trial":
        yield warning(
            "this is a trial account: it rings verified numbers only and speaks before every call",
            "upgrade the account before citizens call it",
        )
    yield fine(f"the carrier at {api.setup.base} accepts the credentials")


def _refused(api: Api, told: Told) -> Finding:
    if told.status in (401, 403, 404):
        return error(
            f"the carrier does not accept the credentials ({told.status})",
            api.mend(f"set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to what {CONSOLE} shows"),
        )
    return error(
        f"the carrier answers {told.status} when asked for the account",
        api.mend("try again; if it stays, look at https://status.twilio.com"),
    )


def _skew(date: str, now: datetime) -> Iterator[Finding]:
    try:
        off = (now - parsedate_to_datetime(date).astimezone(UTC)).total_seconds()
    except ValueError:  # no date, or none that can be read
        return
    if abs(off) > SKEW_SECONDS:
        side = "ahead of" if off > 0 else "behind"
        yield warning(
            f"this machine's clock is {abs(off):.0f} seconds {side} the carrier's",
            "let the machine keep its time by NTP: tickets carry it, and a ring may be looked for in vain",
        )
