"""What callers were told of their wait, against how long they waited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import fmean

from sqlalchemy import Connection, select

from store.tables import calls


@dataclass(frozen=True)
class Promise:
    """A caller who was told `p50` and `p90`, and talked to somebody `waited` seconds after that."""

    queue: str
    language: str
    p50: float
    p90: float
    waited: float


@dataclass(frozen=True)
class Kept:
    """How promises were kept: of so many `callers` what share waited no longer than each figure that they
    were told (of honest figures half, and nine of ten), and by how many seconds p50 was off (root mean
    square)."""

    callers: int
    within_p50: float
    within_p90: float
    off: float


def promises(tx: Connection, since: datetime, until: datetime) -> list[Promise]:
    """Of the callers who were told a wait in this time, those answered on the line, in that order."""
    c = calls.c
    told = c.promised_at.between(since, until) & (c.answered_at >= c.promised_at) & c.left.is_(None)
    columns = (c.queue, c.language, c.promised_p50, c.promised_p90, c.promised_at, c.answered_at)
    rows = tx.execute(select(*columns).where(told).order_by(c.promised_at)).all()
    return [
        Promise(
            row.queue,
            row.language,
            row.promised_p50,
            row.promised_p90,
            (row.answered_at - row.promised_at).total_seconds(),
        )
        for row in rows
    ]


def kept(made: Iterable[Promise]) -> Kept | None:
    """How these were kept; None where there are none."""
    all_of_them = list(made)
    if not all_of_them:
        return None
    return Kept(
        len(all_of_them),
        fmean(each.waited <= each.p50 for each in all_of_them),
        fmean(each.waited <= each.p90 for each in all_of_them),
        sqrt(fmean((each.waited - each.p50) ** 2 for each in all_of_them)),
    )
