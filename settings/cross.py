"""What no file can know alone: names and languages that another file must have."""

from collections.abc import Collection, Iterator
from typing import Any

from settings.hotline import Hotline
from settings.languages import LANGUAGES
from settings.problems import Problem, did_you_mean
from settings.yaml import Document


def errors_between(
    hotline: Hotline | None, at_hotline: Document, at_queues: Document, at_agents: Document
) -> Iterator[Problem]:
    """Every error that two files make together, read as written so that one error hides no other."""
    if isinstance(at_queues.data, dict):
        yield from _unknown(at_agents, "queues", at_queues.data, "queues.yml")
    if hotline:
        unused = [code for code in LANGUAGES if code not in hotline.languages]
        yield from _unknown(at_agents, "languages", hotline.languages, "the languages of hotline.yml", unused)
        yield from _languages(hotline, at_hotline, "name")
        yield from _languages(hotline, at_hotline, "recording", "notice")
        for queue, _ in _entries(at_queues):
            yield from _languages(hotline, at_queues, queue, "label")
    yield from _same_address(at_agents, hotline.number if hotline else None)


def _unknown(
    at_agents: Document, key: str, known: Collection[str], where: str, among: Collection[str] | None = None
) -> Iterator[Problem]:
    """Words that are not known there; only those `among` these, where others are no words at all."""
    for name, agent in _entries(at_agents):
        for number, word in enumerate(_listed(agent, key)):
            if word not in known and (among is None or word in among):
                what = f"'{name}' has '{word}' in its {key}, which is not in {where}"
                yield at_agents.problem(what, did_you_mean(word, known), name, key, number)


def _languages(hotline: Hotline, document: Document, *at: str) -> Iterator[Problem]:
    """A text must be there in each language of the hotline, and in no other."""
    texts = document.data
    for step in at:
        texts = texts.get(step) if isinstance(texts, dict) else None
    if not isinstance(texts, dict):
        return
    here = " of ".join(f"'{step}'" for step in reversed(at))
    if missing := [code for code in hotline.languages if code not in texts]:
        yield document.problem(
            f"{here} has no text in {', '.join(missing)}", f"add {missing[0]}: and the text", *at
        )
    for code in texts:
        if code in LANGUAGES and code not in hotline.languages:
            what = f"{here} has a text in '{code}', which is not in the languages of hotline.yml"
            yield document.problem(what, did_you_mean(code, hotline.languages), *at, code)


def _same_address(at_agents: Document, own: str | None) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, agent in _entries(at_agents):
        address = agent.get("address")
        if not isinstance(address, str):
            continue
        if address in seen:
            what = f"'{name}' has the address {address}, and so has '{seen[address]}'"
            yield at_agents.problem(what, "give each agent an address of their own", name, "address")
        elif address == own:
            what = f"'{name}' has the hotline's own number as address, so the hotline would call itself"
            yield at_agents.problem(what, "write the number of the person's telephone", name, "address")
        seen.setdefault(address, name)


def _entries(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(document.data, dict):
        for name, entry in document.data.items():
            if isinstance(entry, dict):
                yield name, entry


def _listed(entry: dict[str, Any], key: str) -> list[str]:
    """The texts in a list, each in its place; what is no list, or no text, has its problem already."""
    values = entry.get(key)
    return [str(value) for value in values] if isinstance(values, list) else []
