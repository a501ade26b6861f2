"""A menu as a picture: every node once, with the ways between them; a tree of it for looking at."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.labels import way, word
from ivr.menu import Menu
from ivr.nodes import KINDS, PERSON, Lead, Node
from ivr.nodes.hours import Hours
from ivr.nodes.queue import Queue
from ivr.nodes.say import Say
from ivr.nodes.transfer import Transfer

KIND_OF = {cls: kind for kind, cls in KINDS.items()}


@dataclass(frozen=True)
class Box:
    """A node as it is drawn: its kind, its name and what it says."""

    name: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class Branch:
    """A node in the tree; one that stands elsewhere in it is `again`, without its ways."""

    box: Box
    label: str
    again: bool
    ways: tuple["Branch", ...]


def box(menu: Menu, name: str, language: str) -> Box:
    """The node `name` as it is drawn for people who read `language`."""
    node = menu.nodes[name]
    kind = KIND_OF[type(node)]
    return Box(name, kind, word(kind, language), _text(node, language))


def ways(menu: Menu, name: str, language: str) -> Iterator[tuple[str, str]]:
    """The ways out of a node: what each is called, and where it leads. Giving up to a person goes unsaid."""
    node = menu.nodes[name]
    for lead in node.leads():
        if not _unsaid(lead):
            yield way(node, lead, language), lead.to


def _unsaid(lead: Lead) -> bool:
    return lead.path == ("give_up",) and lead.to == PERSON


def _text(node: Node, language: str) -> str:
    match node:
        case Hours():
            return node.hours
        case Queue():
            return node.queue + (f" +{node.priority}" if node.priority else "")
        case Transfer():
            return node.transfer
    for _, prompt in node.prompts():
        text = prompt.texts.get(language) or next(iter(prompt.texts.values()))
        return text.plain()
    return ""


def tree(menu: Menu, language: str) -> Branch:
    """The menu as a tree: each node stands where the fewest keys lead to it, everywhere else `again`."""
    parent: dict[str, str] = {}
    ahead = deque([(menu.start, "")])
    while ahead:
        name, before = ahead.popleft()
        if name in parent:
            continue
        parent[name] = before
        onward = [(to, name) for _, to in ways(menu, name, language)]
        if isinstance(menu.nodes[name], Say | Hours):  # no key, so what follows is as near
            ahead.extendleft(reversed(onward))
        else:
            ahead.extend(onward)
    return _branch(menu, language, menu.start, "", parent, set())


def _branch(
    menu: Menu, language: str, name: str, label: str, parent: dict[str, str], drawn: set[str]
) -> Branch:
    drawn.add(name)
    branches = []
    for called, to in ways(menu, name, language):
        if parent[to] == name and to not in drawn:
            branches.append(_branch(menu, language, to, called, parent, drawn))
        else:
            branches.append(Branch(box(menu, to, language), called, True, ()))
    return Branch(box(menu, name, language), label, False, tuple(branches))
