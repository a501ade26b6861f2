"""The ways to a person: which keys, how many seconds; and what the standard says to that."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.draft import Draft
from ivr.flow import Nodes, State, onward
from ivr.listening import listening
from ivr.menu import Menu
from ivr.nodes import Lead
from ivr.nodes.hours import Hours
from ivr.nodes.queue import Queue
from ivr.nodes.transfer import Transfer
from ivr.wording import NAMES
from settings.problems import Problem

MOST = 1000  # routes; a menu with more is no menu for people
STEPS = 20_000  # from node to node: ways that end nowhere cost as much as those that end


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

    def then(self, node: Nodes, state: State, lead: Lead, there: State) -> "Route":
        """One node further."""
        here = node[state.at]
        hours = (f"{here.hours} {lead.path[0]}",) if isinstance(here, Hours) else ()
        fails = (here.transfer,) if isinstance(here, Transfer) else ()
        return Route(
            there.language,
            self.keys + ((lead.key,) if lead.key else ()),
            self.seconds + listening(here, state, lead),
            (*self.nodes, there.at),
            self.when + hours,
            self.fails + fails,
        )


def routes(menu: Menu, language: str) -> list[Route]:
    """Every way to a person, in order of languages, keys and seconds; `language` is the hotline's first."""
    return _routes(menu.nodes, menu.start, language)


def _routes(nodes: Nodes, start: str, language: str) -> list[Route]:
    first = State(start, language)
    found: list[Route] = []
    ahead = [(Route(language, (), 0.0, (start,)), first)]
    steps = 0
    while ahead and len(found) < MOST and steps < STEPS:
        steps += 1
        route, state = ahead.pop()
        here = nodes[state.at]
        if isinstance(here, Queue | Transfer):
            found.append(route)
        if isinstance(here, Queue):
            continue
        for lead, there in onward(nodes, state):
            if there.at not in route.nodes and (lead.key or lead.silent):
                ahead.append((route.then(nodes, state, lead, there), there))
    order = list(dict.fromkeys(route.language for route in sorted(found, key=lambda route: route.keys)))
    return sorted(found, key=lambda route: (order.index(route.language), len(route.keys), route.seconds))


def discouraged(draft: Draft) -> Iterator[Problem]:
    """Warnings for each language: the best way to a person needs too many keys, or takes too long.

    The first language needs no key; another one needs its own and at most one more.
    """
    first = draft.known.languages[0]
    for best in _best(draft, first):
        allowed, longest = _limits(draft, best, first)
        callers = " ".join(
            [NAMES.get(best.language, best.language), "callers", *map("({})".format, best.when)]
        )
        at = best.nodes[-2] if len(best.nodes) > 1 else best.end
        if len(best.keys) > allowed:
            what = f"{callers} press {' '.join(best.keys)} to get to a person"
            first_speaks = best.language == first
            mend = "let silence lead to a person" if first_speaks else "lead to a person one key sooner"
            yield draft.problem(at, what, mend, level="warning")
        if best.seconds > longest:
            what = f"{callers} listen for {best.seconds:.0f} seconds before a person is called"
            mend = f"shorten what is said from {_way(best)} to {longest} seconds"
            yield draft.problem(at, what, mend, level="warning")


def _limits(draft: Draft, route: Route, first: str) -> tuple[int, int]:
    """The keys and seconds that a way to a person may take."""
    return (0, draft.known.longest) if route.language == first else (2, draft.known.longest_chosen)


def _best(draft: Draft, first: str) -> Iterator[Route]:
    """The best way of each language, and at those hours at which there is another one."""
    found = [route for route in _routes(draft.nodes, draft.start, first) if not route.fails]
    for language, when in sorted({(route.language, route.when) for route in found}):
        ways = [route for route in found if route.language == language and set(route.when) <= set(when)]
        best = min(ways, key=lambda way: (max(len(way.keys), _limits(draft, way, first)[0]), way.seconds))
        if best.when == when:
            yield best


def _way(route: Route) -> str:
    return " → ".join(f"'{name}'" for name in route.nodes[:-1])
