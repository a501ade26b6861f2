"""Dates as the API writes them, and date filters as it reads them. All in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from carrier import times
from carrier.model import CarrierError

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def rfc2822(moment: datetime | None) -> str | None:
    """`Tue, 31 Aug 2010 20:36:28 +0000`; null for what hasn't happened."""
    return None if moment is None else times.rfc2822(moment)


def iso8601(moment: datetime) -> str:
    """`2010-08-31T20:36:28Z`, which the Monitor API writes."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Period:
    """What a date filter lets through: from `start`, before `end`. What has no date passes only if all do."""

    start: datetime = FIRST
    end: datetime = LAST

    def __contains__(self, moment: datetime | None) -> bool:
        if moment is None:
            return (self.start, self.end) == (FIRST, LAST)
        return self.start <= moment < self.end


def period(name: str, on: str = "", before: str = "", after: str = "") -> Period:
    """`on` that day or second, `before` a moment, from a moment `after`; each may be left out."""
    start = _parse(name, after) if after else FIRST
    end = _parse(name, before) if before else LAST
    if on:
        moment = _parse(name, on)
        # the official client writes a day as its midnight
        length = timedelta(days=1) if moment.time() == time() else timedelta(seconds=1)
        start, end = max(start, moment), min(end, moment + length if moment < LAST - length else LAST)
    return Period(start, end)


def _parse(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise CarrierError(400, 20001, f"{name} is not a date such as 2009-07-06: {text}") from None
