"""What the standard says to the ways to a person: few keys, few seconds."""

from collections.abc import Iterator

from ivr.draft import Draft
from ivr.route import Route
from ivr.shortest import shortest
from ivr.wording import NAMES
from settings.problems import Problem


def discouraged(draft: Draft) -> Iterator[Problem]:
    """Warnings for each language: the best way to a person needs too many keys, or takes too long.

    The first language needs no key; another one needs its own and at most one more.
    """
    first = draft.known.languages[0]
    found, whole = shortest(draft.nodes, draft.start, first)
    if not whole:
        what = "not every way to a person could be measured: there are too many, at too many opening hours"
        yield draft.problem(draft.start, what, "let the menu ask for fewer opening hours", level="warning")
    for best in _best(draft, found, first):
        yield from _too_long(draft, best, first)


def _too_long(draft: Draft, best: Route, first: str) -> Iterator[Problem]:
    allowed, longest = _limits(draft, best, first)
    callers = " ".join([NAMES.get(best.language, best.language), "callers", *map("({})".format, best.when)])
    at = best.nodes[-2] if len(best.nodes) > 1 else best.end
    if len(best.keys) > allowed:
        what = f"{callers} press {' '.join(best.keys)} to get to a person"
        first_speaks = best.language == first
        mend = "let silence lead to a person" if first_speaks else "lead to a person one key sooner"
        yield draft.problem(at, what, mend, level="warning")
    if best.seconds > longest:
        what = f"{callers} listen for {best.whole_seconds} seconds before a person is called"
        mend = f"shorten what is said from {_way(best)} to {longest} seconds"
        yield draft.problem(at, what, mend, level="warning")


def _limits(draft: Draft, route: Route, first: str) -> tuple[int, int]:
    """The keys and seconds that a way to a person may take."""
    return (0, draft.known.longest) if route.language == first else (2, draft.known.longest_chosen)


def _best(draft: Draft, found: list[Route], first: str) -> Iterator[Route]:
    """The best way of each language, and at those hours at which there is another one."""
    for language, when in sorted({(route.language, route.when) for route in found}):
        ways = [route for route in found if route.language == language and set(route.when) <= set(when)]
        best = min(ways, key=lambda way: (max(len(way.keys), _limits(draft, way, first)[0]), way.seconds))
        if best.when == when:
            yield best


def _way(route: Route) -> str:
    return " → ".join(f"'{name}'" for name in route.nodes[:-1])
