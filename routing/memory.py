"""Everybody who waits and everybody who is ready, in memory: what the simulator and the tests decide over.

Each lane and each profile is a heap; who has left is struck off a heap only when found at its top, so that
every change costs the logarithm of the number of people.
"""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush, nsmallest
from itertools import count

from routing.policy.candidate import Candidate
from routing.policy.match import Head
from routing.policy.skills import Lane, Profile

Entry = tuple[float, float, str, int, Candidate]


class Memory:
    """A floor (see `routing.policy.match.Floor`). `by` are the fields by which agents are looked for, besides
    the time since when they are ready."""

    def __init__(self, by: Iterable[str] = ("ready_since",)) -> None:
        self._by = tuple(sorted({"ready_since", *by}))
        self._lanes: dict[Lane, list[tuple[float, str]]] = {}
        self._calls: dict[str, tuple[Lane, float]] = {}
        self._profiles: dict[Profile, dict[str, list[Entry]]] = {}
        self._agents: dict[str, Candidate] = {}
        self._counts: dict[Profile, int] = {}
        self._number = count()  # tells two entries of an agent who is ready again since the same moment

    def wait(self, call: str, lane: Lane, since: float) -> None:
        """A caller waits in this lane, since then."""
        self._calls[call] = (lane, since)
        heappush(self._lanes.setdefault(lane, []), (since, call))

    def leave(self, call: str) -> None:
        """A caller waits no more."""
        self._calls.pop(call, None)

    def ready(self, agent: Candidate) -> None:
        """An agent is ready."""
        self.busy(agent.name)
        self._agents[agent.name] = agent
        self._counts[agent.profile] = self._counts.get(agent.profile, 0) + 1
        heaps = self._profiles.setdefault(agent.profile, {by: [] for by in self._by})
        number = next(self._number)
        for by, heap in heaps.items():
            heappush(heap, (getattr(agent, by), agent.ready_since, agent.name, number, agent))

    def busy(self, name: str) -> None:
        """An agent is ready no more."""
        agent = self._agents.pop(name, None)
        if agent is None:
            return
        self._counts[agent.profile] -= 1
        if not self._counts[agent.profile]:
            del self._counts[agent.profile]
            del self._profiles[agent.profile]

    def calls(self) -> list[str]:
        """Who waits."""
        return list(self._calls)

    def waiting(self) -> int:
        """How many callers wait."""
        return len(self._calls)

    def heads(self) -> Iterator[Head]:
        for lane, heap in list(self._lanes.items()):
            while heap and self._calls.get(heap[0][1]) != (lane, heap[0][0]):
                heappop(heap)
            if heap:
                yield Head(lane, *heap[0])
            else:
                del self._lanes[lane]

    def profiles(self) -> Iterable[Profile]:
        return self._counts

    def firsts(self, by: str) -> dict[Profile, Candidate]:
        return {profile: self._first(profile, by) for profile in self._counts}

    def _first(self, profile: Profile, by: str) -> Candidate:
        heap = self._profiles[profile][by]
        while self._agents.get(heap[0][2]) is not heap[0][4]:
            heappop(heap)
        if len(heap) > 2 * self._counts[profile] + 8:  # not to keep those who went from the middle for ever
            heap[:] = [entry for entry in heap if self._agents.get(entry[2]) is entry[4]]
            heapify(heap)
        return heap[0][4]

    def several(self, profile: Profile, by: str, most: int) -> list[Candidate]:
        alike = (agent for agent in self._agents.values() if agent.profile == profile)
        return nsmallest(most, alike, key=lambda one: (getattr(one, by), one.ready_since, one.name))

    def agent(self, name: str) -> Candidate | None:
        return self._agents.get(name)
