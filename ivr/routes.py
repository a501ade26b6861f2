"""The ways to a person as they are listed: which keys, how many seconds."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.flow import Nodes, State
from ivr.menu import Menu
from ivr.route import Route, best_first, to_a_person
from ivr.shortest import shortest

MOST = 1000  # routes; a menu with more is no menu for people
STEPS = 20_000  # from node to node: ways that end nowhere cost as much as those that end


@dataclass(frozen=True)
class Routes:
    """The ways to a person, in order of languages, keys and seconds; not `whole` where there are too many."""

    ways: tuple[Route, ...]
    whole: bool


def routes(menu: Menu, language: str) -> Routes:
    """Every way that passes no node twice; `language` is the hotline's first.

    Of too many the shortest are listed, and in any case the best one of each language at each of its hours.
    """
    best, _ = shortest(menu.nodes, menu.start, language)
    found, whole = _simple(menu.nodes, menu.start, language)
    return Routes(_ordered({*best, *found}), whole)


def _simple(nodes: Nodes, start: str, language: str) -> tuple[list[Route], bool]:
    """The ways that pass no node twice, and whether these are all."""

    def once(route: Route, state: State) -> bool:
        return state.at not in route.nodes[:-1]

    found: list[Route] = []
    for steps, (route, _) in enumerate(best_first(nodes, start, language, once)):
        if steps == STEPS or len(found) == MOST:
            return found, False
        if to_a_person(nodes, route):
            found.append(route)
    return found, True


def _ordered(found: Iterable[Route]) -> tuple[Route, ...]:
    """A language's ways together, the languages in the order of their keys."""
    by_keys = sorted(found, key=lambda route: (route.keys, route.seconds, route.nodes))
    order = list(dict.fromkeys(route.language for route in by_keys))
    return tuple(
        sorted(by_keys, key=lambda route: (order.index(route.language), len(route.keys), route.seconds))
    )
