"""One way through the menu to a person, and how it goes on."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from ivr.flow import Nodes, State, onward
from ivr.listening import listening
from ivr.nodes import Lead
from ivr.nodes.hours import Hours
from ivr.nodes.queue import Queue
from ivr.nodes.transfer import Transfer

OTHERWISE = {"open": "closed", "closed": "open"}


@dataclass(frozen=True)
class Route:
    """One way to a person: into a queue, or to another number.

    The seconds end where people are called; the words said meanwhile don't count. `when` are the opening
    hours the way depends on, `fails` the numbers that did not answer.
    """

    language: str
    keys: tuple[str, ...]
    seconds: float
    nodes: tuple[str, ...]
    when: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()

    @property
    def end(self) -> str:
        """The node where it ends."""
        return self.nodes[-1]

    @property
    def whole_seconds(self) -> int:
        """The seconds as people read them: rounded up, so that what is over a limit looks so."""
        return math.ceil(self.seconds)

    def then(self, node: Nodes, state: State, lead: Lead, there: State) -> "Route":
        """One node further."""
        here = node[state.at]
        hours = {f"{here.hours} {lead.path[0]}"} if isinstance(here, Hours) else set()
        fails = (here.transfer,) if isinstance(here, Transfer) else ()
        return Route(
            there.language,
            self.keys + ((lead.key,) if lead.key else ()),
            self.seconds + listening(here, state, lead),
            (*self.nodes, there.at),
            tuple(sorted({*self.when, *hours})),
            self.fails + fails,
        )


def best_first(
    nodes: Nodes, start: str, language: str, wanted: Callable[[Route, State], bool]
) -> Iterator[tuple[Route, State]]:
    """Ways and their beginnings, the shortest first, as few keys as can be; only what is `wanted` goes on."""
    serial = count()
    first = Route(language, (), 0.0, (start,))
    ahead = [(0, 0.0, first.keys, next(serial), first, State(start, language))]
    while ahead:
        *_, route, state = heappop(ahead)
        if wanted(route, state):
            yield route, state
            for further, there in _on(nodes, route, state):
                effort = (len(further.keys), further.seconds, further.keys)
                heappush(ahead, (*effort, next(serial), further, there))


def to_a_person(nodes: Nodes, route: Route) -> bool:
    """Whether people are called where it ends."""
    return isinstance(nodes[route.end], Queue | Transfer)


def _on(nodes: Nodes, route: Route, state: State) -> Iterator[tuple[Route, State]]:
    """One node further, each way that a caller can take who has come by this route."""
    here = nodes[state.at]
    if isinstance(here, Queue):
        return
    for lead, there in onward(nodes, state):
        otherwise = f"{here.hours} {OTHERWISE[lead.path[0]]}" if isinstance(here, Hours) else None
        if (lead.key or lead.silent) and otherwise not in route.when:
            yield route.then(nodes, state, lead, there), there
