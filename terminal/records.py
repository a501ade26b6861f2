"""What became of every simulated call, as CSV."""

import csv
from collections.abc import Iterable
from typing import IO

from routing.simulator.day import Left, Record

COLUMNS = (
    "scenario",
    "day",
    "call",
    "queue",
    "language",
    "arrived",
    "rung",
    "answered",
    "ended",
    "waited",
    "outcome",
    "agent",
    "offers",
    "call_back",
    "reached",
)
OUTCOMES: dict[Left, str] = {
    "gave-up": "abandoned",
    "full": "turned-away",
    "closed": "closed",
    "too-long": "too-long",
    "asked": "asked",
}


class Records:
    """A line for each call. Moments are seconds since midnight, empty where a thing did not happen."""

    def __init__(self, file: IO[str]) -> None:
        self._csv = csv.writer(file)
        self._csv.writerow(COLUMNS)

    def write(self, scenario: str, day: int, records: Iterable[Record]) -> None:
        """The calls of one day of a scenario."""
        self._csv.writerows([scenario, day, *_row(record)] for record in records)


def _row(record: Record) -> list[str | int | None]:
    call = record.arrival
    moments = (call.at, record.rung_at, record.answered_at, record.ended_at, record.waited)
    return [
        call.call,
        call.lane.queue,
        call.lane.language,
        *(None if moment is None else f"{moment:.3f}" for moment in moments),
        _outcome(record),
        record.agent,
        record.offers,
        _call_back(record),
        None if record.reached_at is None else f"{record.reached_at:.3f}",
    ]


def _outcome(record: Record) -> str:
    """How the caller's own line ended."""
    if record.answered_at is not None:
        return "answered"
    return OUTCOMES[record.left] if record.left else "waiting"


def _call_back(record: Record) -> str | None:
    """What came of a call-back; None where there was to be none."""
    if record.reached_at is not None:
        return "reached"
    if record.not_reached:
        return "not-reached"
    return "due" if record.call_back else None
