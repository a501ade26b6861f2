"""Reads config/menus: all files make one menu, or none, and all that is wrong with them is told at once."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ivr.draft import Draft
from ivr.known import Known
from ivr.lint import check
from ivr.menu import Menu, kinds_of
from ivr.nodes import KEYS, KINDS
from ivr.texts_file import TEXTS, read_texts
from settings.files import unreadable_folder, yaml_files
from settings.problems import Problem, did_you_mean
from settings.shape import read
from settings.wide import wide_word
from settings.yaml import Document, load

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def load_menus(folder: Path, known: Known) -> tuple[Menu | None, list[Problem]]:
    """The menu of all files in `folder`, None where they have errors, and all errors and warnings."""
    files = yaml_files(folder)
    if not files:
        return None, [
            unreadable_folder(folder)
            or Problem(folder.as_posix(), 1, "there is no menu", "add main.yml with the node 'welcome'")
        ]
    return read_menus([load(file) for file in files], known)


def read_menus(documents: Iterable[Document], known: Known) -> tuple[Menu | None, list[Problem]]:
    """The menu that `documents` make together; the one called texts.yml holds the wording of no node."""
    documents = sorted(documents, key=lambda document: Path(document.file).stem != "main")
    texts = [document for document in documents if Path(document.file).name == TEXTS]
    draft = Draft(known)
    for document in documents:
        draft.problems += document.problems
        if document not in texts and document.data is not None:
            _read_file(draft, document)
    if not any(document.data is None for document in documents if document not in texts):
        draft.problems += check(draft, documents[0])
    words = read_texts(texts, documents[0], known, draft.problems)
    draft.problems.sort()
    if any(problem.level == "error" for problem in draft.problems):
        return None, draft.problems
    source = {"start": draft.start, "nodes": draft.source, "texts": words}
    return Menu.from_source(source), draft.problems


def _read_file(draft: Draft, document: Document) -> None:
    if not isinstance(document.data, dict):
        mend = "give each node a name, like welcome: {say: ..., then: ...}"
        draft.problems.append(document.problem("this file holds no nodes", mend))
        return
    for name, value in document.data.items():
        if name == "start" and isinstance(value, str):
            _read_start(draft, document, value)
        elif name in draft.homes:
            first = draft.homes[name]
            what = f"'{name}' is also in {first.file}:{first.line(name)}"
            draft.problems.append(document.problem(what, "give one of the two another name", name))
        elif wide_word(name):
            continue  # written half-width, as it is told to be, it may be a name
        elif not NAME.fullmatch(name):
            what = f"'{name}' can't be the name of a node"
            mend = "use small letters a to z, digits and -, such as night-desk"
            draft.problems.append(document.problem(what, mend, name))
        else:
            _read_node(draft, document, name, value)


def _read_start(draft: Draft, document: Document, value: str) -> None:
    if first := draft.start_home:
        what = f"'start' is also in {first.file}:{first.line('start')}"
        draft.problems.append(document.problem(what, "say in one file only where calls begin", "start"))
    else:
        draft.start, draft.start_home = value, document


def _read_node(draft: Draft, document: Document, name: str, value: Any) -> None:
    draft.homes[name] = document
    kinds = kinds_of(value) if isinstance(value, dict) else []
    if len(kinds) != 1:
        draft.problems.append(_no_kind(document, name, value, kinds))
        return
    node = read(KINDS[kinds[0]], document, draft.problems, (name,))
    if node:
        draft.nodes[name] = node


def _no_kind(document: Document, name: str, value: Any, kinds: list[str]) -> Problem:
    if kinds:
        keys = " and ".join(f"'{key}'" for key, kind in KEYS.items() if kind in kinds)
        return document.problem(
            f"'{name}' has {keys}, and can do only one of them", "make two nodes of it", name
        )
    if not isinstance(value, dict):
        return document.problem(
            f"'{name}' is no node", "write what it does, like {say: ..., then: ...}", name
        )
    for key in value:
        if (mend := did_you_mean(key, KEYS)).startswith("did"):
            return document.problem(f"'{key}' is not a key of a node", mend, name, key)
    return document.problem(f"nothing says what '{name}' does", f"give it one of {', '.join(KEYS)}", name)
