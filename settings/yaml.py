"""Reads a YAML file that knows its lines. It never raises: what is wrong is in `problems`, all of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from settings.characters import INVISIBLE
from settings.parse_errors import explain
from settings.problems import Problem
from settings.traps import bare_signs, sign_trap, with_quotes
from settings.tree import Node, Tree, Unreadable
from settings.wide import wide_stop

Sign = tuple[int, str]  # its line, and the * or # itself

LARGEST_FILE = 1_000_000  # bytes; far above any real menu
TAB = re.compile(r" *\t\s*[^\s#]")


@dataclass(frozen=True)
class Document:
    """A file as plain data. Keys are always text; `data` is None where the file can't be read."""

    file: str
    data: Any
    root: Node
    problems: tuple[Problem, ...] = ()

    def line(self, *path: str | int) -> int:
        """The line of the key or item at `path`; of the nearest one above it where there is none."""
        return self.node(*path).line

    def node(self, *path: str | int) -> Node:
        """The key or item at `path`, or the nearest one above it."""
        node = self.root
        for step in path:
            if step not in node.children:
                break
            node = node.children[step]
        return node

    def problem(
        self, what: str, mend: str, *path: str | int, level: Literal["error", "warning"] = "error"
    ) -> Problem:
        """A problem with the key or item at `path`."""
        return Problem(self.file, self.line(*path), what, mend, level)


def load(path: Path) -> Document:
    """The file at `path`, named in problems as it is written in `path`."""
    file = path.as_posix()
    try:
        if not path.is_file():
            return _unread(file, 1, "this is not a file", "put a YAML file there, or delete it")
        if path.stat().st_size > LARGEST_FILE:
            return _unread(file, 1, f"the file is larger than {LARGEST_FILE:,} bytes", "split it")
        content = path.read_bytes()
    except FileNotFoundError:
        return _unread(file, 1, "the file is not there any more", "put it back, or start again")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        return _unread(file, 1, f"the file can't be read: {why}", "check who owns it and who may read it")
    return parse(content, file)


def parse(content: str | bytes, file: str) -> Document:
    """The same for text that is already at hand; problems call it `file`."""
    if isinstance(content, bytes):
        try:
            decoded = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            return _unread(file, line, "this is not UTF-8 text", "save the file as UTF-8 in your editor")
        return parse(decoded, file)
    text = content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := INVISIBLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        what = f"an invisible character (U+{ord(found[0]):04X}) is in this line"
        return _unread(file, line, what, "delete it, or write the line anew")
    return _read(text.split("\n"), file)


def _read(lines: list[str], file: str) -> Document:
    """Reads; where a bare `*` may have stopped the reading, once more with quotes around all of them."""
    tree, root, stop = _tree(lines, file)
    signs: list[Sign] = []
    if stop and (signs := _mend_signs(lines, tree.long_texts)):
        tree, root, stop = _tree(lines, file)
    last = stop.line if stop else len(lines)
    problems = [
        Problem(file, number, *sign_trap(sign))
        for number, sign in signs
        if number <= last and number not in tree.long_texts
    ]
    problems += tree.problems
    if stop:
        causes = _tabs(lines, file, tree.long_texts) or _wide(lines, file, tree.long_texts) or [stop]
        return _document(file, None, [*problems, *causes])
    problems += _hash_keys(lines, file, tree.long_texts)
    if (root is None or root.value is None) and not problems:
        problems.append(Problem(file, 1, "the file is empty", "fill it, or delete it"))
    return _document(file, root, problems)


def _tree(lines: list[str], file: str) -> tuple[Tree, Node | None, Problem | None]:
    """What could be read, and what stopped the reading."""
    tree = Tree(file, YAML(typ="safe", pure=True).parse("\n".join(lines)), lines)
    try:
        return tree, tree.read(), None
    except Unreadable as stop:
        return tree, None, stop.problem
    except MarkedYAMLError as stop:
        return tree, None, explain(stop, lines, file, tree.quoted)
    except (YAMLError, ValueError, OverflowError) as error:
        return tree, None, Problem(file, 1, f"YAML can't read this file: {error}", "write it anew")


def _mend_signs(lines: list[str], long_texts: set[int]) -> list[Sign]:
    """Puts quotes around every bare sign; each with its line."""
    found: list[Sign] = []
    for number, line in enumerate(lines, 1):
        if number not in long_texts and (signs := list(bare_signs(line))):
            lines[number - 1] = with_quotes(line)
            found += [(number, sign) for sign in signs]
    return found


def _hash_keys(lines: list[str], file: str, long_texts: set[int]) -> list[Problem]:
    """YAML reads these lines, but not the `#` in them."""
    return [
        Problem(file, number, *sign_trap(sign))
        for number, line in enumerate(lines, 1)
        if number not in long_texts
        for sign in bare_signs(line)
        if sign == "#"
    ]


def _tabs(lines: list[str], file: str, long_texts: set[int]) -> list[Problem]:
    return [
        Problem(
            file, number, "a tab stands before the text of this line", "use spaces: YAML forbids tabs there"
        )
        for number, line in enumerate(lines, 1)
        if number not in long_texts and TAB.match(line)
    ]


def _wide(lines: list[str], file: str, long_texts: set[int]) -> list[Problem]:
    return [
        Problem(file, number, *trap)
        for number, line in enumerate(lines, 1)
        if number not in long_texts and (trap := wide_stop(line))
    ]


def _unread(file: str, line: int, what: str, mend: str) -> Document:
    return _document(file, None, [Problem(file, line, what, mend)])


def _document(file: str, root: Node | None, problems: list[Problem]) -> Document:
    node = root or Node(1, None)
    return Document(file, node.value, node, tuple(sorted(set(problems))))
