"""The best ways to a person: those that no other way beats."""

from collections import defaultdict

from ivr.flow import Nodes, State
from ivr.route import Route, best_first, to_a_person

MOST = 100  # ways to one node that are kept; four different opening hours can make 81 of them


def shortest(nodes: Nodes, start: str, language: str) -> tuple[list[Route], bool]:
    """The ways whose keys and seconds no other beats at the same hours, and whether these are all of them.

    Wherever callers get to, in whatever language, only what is best up to there goes on (Dijkstra's shortest
    paths): the links between the nodes may be as many as they like. A number that doesn't answer is no way.
    """
    met: dict[State, list[tuple[float, frozenset[str]]]] = defaultdict(list)
    full: set[State] = set()

    def unbeaten(route: Route, state: State) -> bool:
        """Those met before have no more keys: this one must take less time, or be a way at other hours."""
        when = frozenset(route.when)
        if route.fails or any(seconds <= route.seconds and hours <= when for seconds, hours in met[state]):
            return False
        if len(met[state]) == MOST:
            full.add(state)
            return False
        met[state].append((route.seconds, when))
        return True

    ways = best_first(nodes, start, language, unbeaten)
    return [route for route, _ in ways if to_a_person(nodes, route)], not full
