"""Reads texts.yml: every name in every language of the hotline."""

from typing import Any

from pydantic import RootModel

from ivr.known import Known
from ivr.prompt import Prompt
from ivr.texts import names
from ivr.wording import misfilled, unspoken
from settings.problems import Problem, did_you_mean
from settings.shape import read
from settings.yaml import Document

TEXTS = "texts.yml"


class Wording(RootModel[dict[str, Prompt]]):
    """The whole file."""


def read_texts(
    documents: list[Document], beside: Document, known: Known, problems: list[Problem]
) -> dict[str, Any]:
    """The wording as it stands in YAML; `problems` grows by what is missing or unknown."""
    wanted = names(known.languages)
    if not documents:
        mend = f"add {TEXTS} beside it; the sample configuration has one to copy"
        problems.append(beside.problem(f"the menu has no {TEXTS}", mend))
        return {}
    [document] = documents
    if document.data is None:
        return {}
    wording = read(Wording, document, problems)
    for name in document.data if isinstance(document.data, dict) else ():
        if name not in wanted and not name.startswith("language-"):
            problems.append(document.problem(f"no text is called '{name}'", did_you_mean(name, wanted), name))
    if wording is None:
        return {}
    for name, words in wanted.items():
        if name not in wording.root:
            mend = f"add {name}: with a text for {', '.join(known.languages) or 'each language'}"
            problems.append(document.problem(f"the text '{name}' is missing", mend))
            continue
        prompt, called = wording.root[name], f"'{name}'"
        for what, mend in unspoken(prompt, called, known.languages):
            problems.append(document.problem(what, mend, name))
        for language, what, mend in misfilled(prompt, called, words, known.folder):
            problems.append(document.problem(what, mend, name, language))
    data: dict[str, Any] = document.data
    return data
