"""Days of a scenario in figures: overall, of each queue and language, and by the hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routing.simulator.day import Record, Worker
from routing.simulator.figures import (
    Estimate,
    Figure,
    abandoned,
    called_back,
    estimate,
    left,
    left_for_tomorrow,
    mean_speed_of_answer,
    not_reached,
    turned_away,
    until_called_back,
    waited_at_all,
    within,
)
from routing.simulator.staff import HOURS
from routing.simulator.traffic import DAY, HOUR

PROMISE = 15.0  # seconds within which GB/T 33358-2016 wants calls answered,
STANDARD = 0.95  # and of how many of them
OCCUPANCY = "occupancy"
Part = tuple[str, str]  # ("queue", "people"), ("language", "ko")
Values = dict[str, float]  # of one day, by the name of the figure; what is not defined is left out


def _talks(records: Iterable[Record]) -> Iterator[Record]:
    return (record for record in records if record.talks_at is not None)


def _share_answered(records: Iterable[Record]) -> float:
    flags = [record.answered_at is not None for record in records]
    return sum(flags) / len(flags)


def _longest(records: Iterable[Record]) -> float:
    return max((record.waited for record in records if record.waited is not None), default=0.0)


OF_RECORDS: dict[str, Figure] = {
    "calls": lambda records: sum(1 for _ in records),
    "answered": _share_answered,
    "in_time": within(PROMISE),
    "speed_of_answer": mean_speed_of_answer,
    "abandoned": abandoned,
    "turned_away": turned_away,
    "closed": left("closed"),
    "too_long": left("too-long"),
    "asked": left("asked"),
    "called_back": called_back,
    "until_called_back": until_called_back,
    "not_reached": not_reached,
    "left_for_tomorrow": left_for_tomorrow,
    "had_to_wait": waited_at_all,
    "longest_wait": _longest,
}
FIGURES = (*OF_RECORDS, OCCUPANCY)


@dataclass
class Hour:
    """One hour of all days together: the calls that came in it, and the seconds that agents spent in it."""

    calls: int = 0
    waited: float = 0.0
    in_time: int = 0
    abandoned: int = 0
    busy: float = 0.0
    staffed: float = 0.0

    def add(self, record: Record) -> None:
        """A call that came in this hour."""
        self.calls += 1
        self.waited += record.waited or 0.0
        self.in_time += record.answered_at is not None and record.answered_at - record.arrival.at <= PROMISE
        self.abandoned += record.left == "gave-up"


@dataclass
class Tally:
    """What the days of one scenario came to. `parts` has those of each queue and language, by the place of
    the day: one on which nobody came is left out."""

    workers: Sequence[Worker]
    days: list[Values] = field(default_factory=list)
    parts: dict[Part, dict[int, Values]] = field(default_factory=lambda: defaultdict(dict))
    hours: list[Hour] = field(default_factory=lambda: [Hour() for _ in range(HOURS)])

    def add(self, records: Sequence[Record]) -> None:
        """Another day."""
        busy, staffed = [0.0] * HOURS, [0.0] * HOURS
        for record in _talks(records):
            _spread(busy, record.talks_at or 0.0, record.written_at or 0.0)
        for worker in self.workers:
            for start, end in worker.shifts:
                _spread(staffed, start, min(end, DAY))
        # Who stays beyond a shift for a call is at work.
        staffed = [max(pair) for pair in zip(staffed, busy, strict=True)]
        for hour, spent, there in zip(self.hours, busy, staffed, strict=True):
            hour.busy += spent
            hour.staffed += there
        for record in records:
            self.hours[min(int(record.arrival.at // HOUR), HOURS - 1)].add(record)
        occupied = {OCCUPANCY: sum(busy) / sum(staffed)} if sum(staffed) else {}
        self._divide(records)
        self.days.append(_values(records) | occupied)

    def _divide(self, records: Sequence[Record]) -> None:
        divided = defaultdict(list)
        for record in records:
            divided["queue", record.arrival.lane.queue].append(record)
            divided["language", record.arrival.lane.language].append(record)
        for part, theirs in divided.items():
            self.parts[part][len(self.days)] = _values(theirs)

    def figure(self, name: str, part: Part | None = None) -> Estimate | None:
        """A figure over the days on which it is defined, with its 95 % confidence interval; None: on none."""
        values = [day[name] for day in self._of(part).values() if name in day]
        return estimate(values) if values else None

    def difference(self, name: str, today: "Tally", part: Part | None = None) -> Estimate | None:
        """By how much a figure is greater here than in `today`, day by day with the same callers."""
        here, there = self._of(part), today._of(part)
        pairs = [(here[day], there[day]) for day in here.keys() & there.keys()]
        values = [ours[name] - theirs[name] for ours, theirs in pairs if name in ours and name in theirs]
        return estimate(values) if values else None

    def _of(self, part: Part | None) -> Mapping[int, Values]:
        return dict(enumerate(self.days)) if part is None else self.parts.get(part, {})


def more_than_chance(difference: Estimate) -> bool:
    """Whether the confidence interval leaves out 0."""
    return not difference.holds(0.0)


def _values(records: Sequence[Record]) -> Values:
    if not records:
        return {"calls": 0.0}
    values = {name: figure(records) for name, figure in OF_RECORDS.items()}
    if not values["answered"]:
        del values["speed_of_answer"]
    if not values["called_back"]:
        del values["until_called_back"]
    return values


def _spread(hours: list[float], start: float, end: float) -> None:
    """Add the seconds from `start` to `end` to the hours in which they are."""
    for hour in range(int(start // HOUR), HOURS):
        if hour * HOUR >= end:
            return
        hours[hour] += min(end, (hour + 1) * HOUR) - max(start, hour * HOUR)
