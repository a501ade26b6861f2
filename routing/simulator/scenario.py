"""What is tried: rules, seats and habits, and the callers as they would come in there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from routing.policy.skills import Lane
from routing.policy.timeline import Rules
from routing.simulator.day import Arrival, Day, Habits, Record, Worker
from routing.simulator.house import ALWAYS_OPEN, House


@dataclass(frozen=True)
class Scenario:
    """`moved` has the queue for callers of a queue and language who wait elsewhere here than today;
    `priorities` those of the queues, where they are not 0."""

    name: str
    rules: Mapping[str, Rules]
    workers: tuple[Worker, ...]
    habits: Habits
    priorities: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[tuple[str, str], str] = field(default_factory=dict)
    house: House = ALWAYS_OPEN

    def play(self, callers: Iterable[Arrival]) -> list[Record]:
        """What becomes of these callers."""
        day = Day(self.rules, self.workers, habits=self.habits, house=self.house)
        return day.play([replace(caller, lane=self._lane(caller.lane)) for caller in callers])

    def _lane(self, lane: Lane) -> Lane:
        queue = self.moved.get((lane.queue, lane.language), lane.queue)
        return Lane(queue, lane.language, max(lane.priority, self.priorities.get(queue, 0)), lane.wants)
