"""Where callers of each language can get to, and where they get to who press nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.nodes import PERSON, Lead, Node
from ivr.nodes.asking import Asking
from ivr.nodes.choice import Choice

Nodes = Mapping[str, Node]


@dataclass(frozen=True, order=True)
class State:
    """A caller at a node: in a language, which is `chosen` once there was a choice."""

    at: str
    language: str
    chosen: bool = False


def onward(nodes: Nodes, state: State) -> Iterator[tuple[Lead, State]]:
    """Every way on from `state` within the menu, with 0 to a person where callers are asked for keys."""
    node = nodes[state.at]
    leads = list(node.leads())
    if isinstance(node, Asking) and all(lead.key != "0" for lead in leads):
        leads.append(Lead(PERSON, (), key="0", silent=False))
    chosen = state.chosen or (isinstance(node, Choice) and node.chooses_language)
    for lead in leads:
        if lead.to in nodes:
            yield lead, State(lead.to, lead.language or state.language, chosen)


def reach(nodes: Nodes, start: str, language: str) -> set[State]:
    """Every state that a caller who arrives speaking `language` can get into."""
    found: set[State] = set()
    ahead = [State(start, language)]
    while ahead:
        state = ahead.pop()
        if state not in found and state.at in nodes:
            found.add(state)
            ahead += [there for _, there in onward(nodes, state)]
    return found


def silent_loops(nodes: Nodes) -> list[list[str]]:
    """The rounds that a caller who presses nothing would go for ever, each once."""
    done: set[str] = set()
    return [loop for name in nodes if name not in done for loop in _loops_from(nodes, name, done)]


def _loops_from(nodes: Nodes, name: str, done: set[str]) -> Iterator[list[str]]:
    """The rounds that can be got into from `name`, without going again where `done` has been."""
    trail = {name: _silent(nodes, name)}  # the way to here, each with the ways on that are left
    while trail:
        here, ahead = next(reversed(trail.items()))
        to = next(ahead, None)
        if to is None:
            del trail[here]
            done.add(here)
        elif to in trail:
            way = list(trail)
            yield [*way[way.index(to) :], to]
        elif to in nodes and to not in done:
            trail[to] = _silent(nodes, to)


def _silent(nodes: Nodes, name: str) -> Iterator[str]:
    """Where a caller gets to from there who presses nothing."""
    return iter(dict.fromkeys(lead.to for lead in nodes[name].leads() if lead.silent))
