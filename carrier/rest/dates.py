"""Dates as the API writes them, and date filters as it reads them. All in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from carrier.model import CarrierError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rfc2822(moment: datetime | None) -> str | None:
    """`Tue, 31 Aug 2010 20:36:28 +0000`, whatever the machine's own language."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    return f"{DAYS[utc.weekday()]}, {utc.day:02} {MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} +0000"


def iso8601(moment: datetime) -> str:
    """`2010-08-31T20:36:28Z`, which the Monitor API writes."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def within(moment: datetime | None, name: str, asked: Mapping[str, str]) -> bool:
    """Whether `moment` passes the filters `name` (that day, or that second), `name<` (before), `name>` (from)."""
    exact, before, after = (asked.get(name + sign) for sign in ("", "<", ">"))
    if not (exact or before or after):
        return True
    if moment is None:
        return False
    return (
        (not exact or _same(moment, name, exact))
        and (not before or moment < _parse(name, before))
        and (not after or moment >= _parse(name, after))
    )


def _same(moment: datetime, name: str, text: str) -> bool:
    start = _parse(name, text)
    length = timedelta(days=1) if len(text) == len("2009-07-06") else timedelta(seconds=1)
    return start <= moment < start + length


def _parse(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CarrierError(400, 20001, f"{name} is not a date such as 2009-07-06: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
