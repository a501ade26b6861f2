"""From YAML's events to plain data that remembers the line of every key and item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from ruamel.yaml import events

from settings.characters import joined, seen, unseen
from settings.flow import NO_SPACE, lone, slip
from settings.languages import LANGUAGES
from settings.problems import Problem
from settings.traps import cut_trap, trap_in, value_of
from settings.wide import MEND

DEEPEST = 40  # levels
LARGEST = 50_000  # keys and items, everything an alias repeats counted each time
TEXT_TAGS = {None, "!", "tag:yaml.org,2002:str"}


@dataclass(frozen=True)
class Node:
    """A piece of a file. `line` counts from 1; `size` is how many pieces it is made of.

    `trap` is the problem with a value that YAML reads as something else, `cut` the line of a comment
    right behind it. A text that is `split` has a comma at which YAML ended it.
    """

    line: int
    value: Any
    children: dict[str | int, "Node"] = field(default_factory=dict)
    size: int = 1
    trap: Problem | None = None
    cut: int = 0
    split: bool = False


class Unreadable(Exception):
    """Reading the file can't go on; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Tree:
    """Builds the nodes of one file and gathers what is wrong with them in `problems`."""

    def __init__(self, file: str, source: Iterator[Any], lines: Sequence[str]) -> None:
        self.file = file
        self.lines = lines
        self.source = source
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node] = {}
        self.quoted: Any = None  # the text in quotes that was read last
        self.long_texts: set[int] = set()  # lines inside a text of several lines: a # there is no comment

    def read(self) -> Node | None:
        """The file's only document, or None where it has none."""
        root: Node | None = None
        for event in self.source:
            if isinstance(event, events.DocumentStartEvent):
                if root:
                    self.problems.append(self._second(event))
                    break
                root = self._node(next(self.source), 0)
        return root

    def _second(self, event: Any) -> Problem:
        """The line that ends the document before its time."""
        if event.explicit:
            what, mend = "a second document begins here", "keep one document a file: delete the ---"
            return Problem(self.file, _line(event), what, mend)
        ends = (number for number in range(1, _line(event)) if self.lines[number - 1].startswith("..."))
        end = max(ends, default=_line(event))
        return Problem(self.file, end, "the ... ends the file, so nothing below it is read", "delete the ...")

    def _node(self, event: Any, depth: int) -> Node:
        if depth > DEEPEST:
            self._stop(event, "this is nested too deeply", f"use at most {DEEPEST} levels")
        if isinstance(event, events.AliasEvent):
            return self._alias(event)
        if isinstance(event, events.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, events.SequenceStartEvent):
            node = self._list(event, depth)
        else:
            node = self._mapping(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            what = f"*{event.anchor} points to an anchor that is not above this line"
            self._stop(
                event, what, f"put &{event.anchor} there, or, if * belongs to a text, the text in quotes"
            )
        there = self.anchors[event.anchor]
        return replace(there, line=_line(event))

    def _scalar(self, event: Any) -> Node:
        first, last = event.start_mark.line + 1, event.end_mark.line + 1
        if last > first:
            self.long_texts.update(range(first + 1, last + (event.style in {'"', "'", None})))
        self._tag(event)
        text = self._text(event)
        if event.style or event.tag:
            return Node(first, text)
        if trap := trap_in(text):
            return Node(first, text, trap=self._report(event, *trap))
        return Node(first, value_of(text), cut=self._cut(event))

    def _cut(self, event: Any) -> int:
        line: int = event.end_mark.line
        return line + 1 if self.lines[line][event.end_mark.column :].lstrip().startswith("#") else 0

    def _tag(self, event: Any) -> None:
        if event.tag not in TEXT_TAGS:
            self._report(
                event, "a word with ! before a value is a tag, which has no use here", "leave the ! word out"
            )

    def _list(self, event: Any, depth: int) -> Node:
        self._tag(event)
        children: dict[str | int, Node] = {}
        while not isinstance(item := next(self.source), events.SequenceEndEvent):
            children[len(children)] = self._node(item, depth + 1)
        return self._whole(event, [child.value for child in children.values()], children)

    def _mapping(self, event: Any, depth: int) -> Node:
        self._tag(event)
        children: dict[str | int, Node] = {}
        merged: list[Node] = []
        while not isinstance(at := next(self.source), events.MappingEndEvent):
            if event.flow_style and lone(at, self.lines):
                next(self.source)
                self._slip(at, children)
                continue
            key, trap = self._key(at, depth)
            found = self._node(next(self.source), depth + 1)
            child = replace(found, line=_line(at), trap=trap or found.trap)
            if key == "<<":
                merged += self._merged(at, child)
            elif key in children:
                what = f"'{key}' is here twice, first on line {children[key].line}"
                self._report(at, what, "keep one of the two, or give one another name")
            elif key is not None:
                children[key] = child
                if key in LANGUAGES:
                    self._uncut(found)
        for other in merged:
            children = other.children | children
        return self._whole(event, {key: child.value for key, child in children.items()}, children)

    def _slip(self, event: Any, children: dict[str | int, Node]) -> None:
        """A word where a key should be; what was meant is read all the same."""
        last = next(reversed(children), "")
        before = children.get(last, Node(0, None))
        if pair := NO_SPACE.fullmatch(event.value):
            children.setdefault(pair["key"], Node(_line(event), value_of(pair["value"])))
        elif isinstance(before.value, str):
            children[last] = replace(before, value=f"{before.value}, {event.value}", split=True)
            if before.split:
                return
        self._report(event, *slip(event.value, before.value))

    def _uncut(self, text: Node) -> None:
        """A text that callers hear, or each piece of it, goes on to the end of its line."""
        for piece in (text, *text.children.values()):
            if piece.cut and isinstance(piece.value, str):
                self.problems.append(Problem(self.file, piece.cut, *cut_trap(piece.value)))

    def _key(self, event: Any, depth: int) -> tuple[str | None, Problem | None]:
        """The key, and what is wrong with its signs, which explains what is wrong with its name."""
        if not isinstance(event, events.ScalarEvent):
            self._node(event, depth + 1)
            self._report(
                event,
                "a list stands where a key is wanted",
                "write one word, in quotes if need be, before the ':'",
            )
            return None, None
        text = self._text(event)
        wrong = self._report(event, *trap) if event.style is None and (trap := trap_in(text)) else None
        if event.anchor:
            self.anchors[event.anchor] = Node(_line(event), text)
        return text, wrong if wrong and wrong.mend == MEND else None

    def _text(self, event: Any) -> str:
        """What stands there, without the characters that nobody can see: those are reported."""
        text = joined(event.value)
        self.quoted = event if event.style in {'"', "'"} else self.quoted
        if wrong := unseen(text):
            self._report(event, *wrong)
            return seen(text)
        return text

    def _merged(self, event: Any, node: Node) -> list[Node]:
        """The mappings that `<<` brings in."""
        nodes = list(node.children.values()) if isinstance(node.value, list) else [node]
        if all(isinstance(each.value, dict) for each in nodes):
            return nodes
        self._report(
            event,
            "<< brings in the keys of another place, and this is none",
            "write << : *name, with &name above",
        )
        return []

    def _whole(self, event: Any, value: Any, children: dict[str | int, Node]) -> Node:
        size = 1 + sum(child.size for child in children.values())
        if size > LARGEST:
            self._stop(
                event, "this repeats itself into something too large", f"use at most {LARGEST} keys and items"
            )
        return Node(_line(event), value, children, size)

    def _report(self, event: Any, what: str, mend: str) -> Problem:
        self.problems.append(Problem(self.file, _line(event), what, mend))
        return self.problems[-1]

    def _stop(self, event: Any, what: str, mend: str) -> NoReturn:
        raise Unreadable(Problem(self.file, _line(event), what, mend))


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1
