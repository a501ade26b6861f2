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
    loops: list[list[str]] = []
    for name in nodes:
        _follow(nodes, name, [], done, loops)
    return loops


def _follow(nodes: Nodes, name: str, trail: list[str], done: set[str], loops: list[list[str]]) -> None:
    if name in trail:
        loops.append([*trail[trail.index(name) :], name])
    elif name in nodes and name not in done:
        for to in dict.fromkeys(lead.to for lead in nodes[name].leads() if lead.silent):
            _follow(nodes, to, [*trail, name], done, loops)
        done.add(name)
