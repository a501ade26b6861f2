"""Where the menus lead a caller who may not wait in a queue, or not any longer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ivr import step as ivr
from ivr.flow import reach
from ivr.nodes.queue import Queue
from routing.policy.skills import Lane
from routing.simulator.house import Standing, Why
from settings.opening import open_at
from switchboard.setup import Setup

RETURNED: dict[Why, str] = {"full": "queue-full", "closed": "closed", "too-long": "leave"}


@dataclass(frozen=True)
class Leads:
    """The menus of a configuration: a step from the queue to the next one that takes the caller, who presses
    nothing. Where a menu asks for a key or for a message first, the caller is gone."""

    setup: Setup

    def __call__(
        self, lane: Lane, why: Why, now: datetime, times: int, standing: Callable[[str, str], Standing]
    ) -> Lane | None:
        at = self._nodes.get((lane.queue, lane.language))
        if at is None:
            return None
        config = self.setup.config
        facts = ivr.Facts(
            now=config.calendar.local(now),
            open=lambda hours: open_at(config.calendar, hours, now),
            queue=standing,
        )
        taken = ivr.step(
            self.setup.menu, ivr.Place(at, lane.language, turns=times), ivr.Returned(RETURNED[why]), facts
        )
        if not isinstance(taken.wants, ivr.ToQueue):
            return None
        wanted = taken.wants
        priority = max(wanted.priority, config.queues[wanted.queue].priority)
        return Lane(wanted.queue, taken.place.language, priority)

    @cached_property
    def _nodes(self) -> dict[tuple[str, str], str]:
        """By which node callers of a language come into a queue; of several the first by name."""
        menu, first = self.setup.menu, self.setup.config.hotline.languages[0]
        found: dict[tuple[str, str], str] = {}
        for state in sorted(reach(menu.nodes, menu.start, first), key=lambda state: state.at, reverse=True):
            if isinstance(node := menu.nodes[state.at], Queue):
                found[node.queue, state.language] = state.at
        return found
