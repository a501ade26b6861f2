"""What no file can know alone: names and languages that another file must have."""

from collections.abc import Collection, Iterator
from typing import Any

from settings.cross_call_backs import errors_of_call_backs
from settings.hotline import Hotline
from settings.languages import LANGUAGES
from settings.overflow import errors_of_overflow
from settings.problems import Problem, did_you_mean
from settings.timelines import steps
from settings.yaml import Document

SOONER = frozenset({"level", "topics", "also", "move"})  # what a step changes that a queue itself says


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
        for reason in hotline.presence.reasons:
            yield from _languages(hotline, at_hotline, "presence", "reasons", reason)
        for queue, _ in _entries(at_queues):
            yield from _languages(hotline, at_queues, queue, "label")
    yield from _levels_and_shares(at_agents)
    yield from _interpreters(at_agents)
    yield from _timelines(at_queues)
    yield from _steps_in_vain(at_queues)
    yield from errors_of_overflow(at_queues)
    if hotline:
        yield from errors_of_call_backs(hotline, at_queues)
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


def _levels_and_shares(at_agents: Document) -> Iterator[Problem]:
    """Levels of languages and shares of queues that the agent does not have; topics named like a language."""
    for name, agent in _entries(at_agents):
        for key, of in (("levels", "languages"), ("shares", "queues")):
            for word in _mapping(agent, key):
                if word not in _listed(agent, of):
                    what = f"'{name}' has '{word}' in its {key}, but not in its {of}"
                    mend = did_you_mean(word, _listed(agent, of))
                    yield at_agents.problem(what, mend, name, key, word)
        for topic in _mapping(agent, "topics"):
            if topic in LANGUAGES:
                what = f"'{name}' has the language '{topic}' in its topics"
                yield at_agents.problem(what, "write it into languages and levels", name, "topics", topic)


def _interpreters(at_agents: Document) -> Iterator[Problem]:
    """Who neither serves a queue nor interprets; who interprets from one language."""
    for name, agent in _entries(at_agents):
        interprets = agent.get("interpreter") is True
        if "queues" not in agent and not interprets:
            yield at_agents.problem(
                f"'{name}' has no 'queues'", "add queues: [people], or interpreter: true", name
            )
        if interprets and isinstance(agent.get("languages"), list) and len(_listed(agent, "languages")) < 2:
            what = f"'{name}' interprets, and speaks one language only"
            yield at_agents.problem(what, "add the other languages", name, "languages")


def _timelines(at_queues: Document) -> Iterator[Problem]:
    """Steps that name no queue there is, come out of order, or ask for no less than before."""
    for name, queue in _entries(at_queues):
        before, level, topics = -1, queue.get("level", 1), _mapping(queue, "topics")
        for number, step in steps(queue):
            at = (name, "timeline", number)
            after = step.get("after")
            if isinstance(after, int) and 0 <= after <= before:
                what = f"step {number + 1} of '{name}' comes after {after} s, the one before after {before} s"
                yield at_queues.problem(what, "write the steps in the order of their seconds", *at, "after")
            elif after == 0 and (step.get("interpreter") is not True or step.keys() & SOONER):
                what = (
                    f"step {number + 1} of '{name}' comes after 0 s, where only an interpreter can be let in"
                )
                mend = "write after: 1 or more; what holds from the first second stands at the queue itself"
                yield at_queues.problem(what, mend, *at, "after")
            before = after if isinstance(after, int) else before
            yield from _lower(
                at_queues, at, "level", {"the language": step.get("level")}, {"the language": level}
            )
            level = step.get("level", level)
            yield from _lower(at_queues, at, "topics", _mapping(step, "topics"), topics)
            topics |= _mapping(step, "topics")
            for place, other in enumerate(_listed(step, "also")):
                if other not in at_queues.data:
                    what = f"step {number + 1} of '{name}' has '{other}' in also, which is not in queues.yml"
                    yield at_queues.problem(what, did_you_mean(other, at_queues.data), *at, "also", place)
                elif other == name:
                    what = f"step {number + 1} of '{name}' has '{other}' in also, which is the queue itself"
                    yield at_queues.problem(what, "name another queue, or leave it out", *at, "also", place)


def _steps_in_vain(at_queues: Document) -> Iterator[Problem]:
    """Steps that change nothing, or let in who was let in before; and such as would keep somebody out."""
    for name, queue in _entries(at_queues):
        also: set[str] = set()
        interpreted = False
        for number, step in steps(queue):
            at, here = (name, "timeline", number), f"step {number + 1} of '{name}'"
            if not any(step[key] for key in step.keys() - {"after"}):
                mend = "write what changes, such as level: 2, or take the step out"
                yield at_queues.problem(f"{here} changes nothing", mend, *at)
            for place, other in enumerate(_listed(step, "also")):
                if other in also:
                    what = f"{here} has '{other}' in also, whose agents may take the call already"
                    yield at_queues.problem(what, "name each queue once", *at, "also", place)
                also.add(other)
            if interpreted and "interpreter" in step:
                what = f"{here} has 'interpreter', and a step before it lets interpreters in"
                mend = "say it once: from then on it stays so"
                yield at_queues.problem(what, mend, *at, "interpreter")
            interpreted = interpreted or step.get("interpreter") is True


def _lower(
    at_queues: Document, at: tuple[str | int, ...], key: str, now: dict[str, Any], before: dict[str, Any]
) -> Iterator[Problem]:
    """Levels of a step that are no lower than before: a step only ever lets more agents in."""
    for skill, level in now.items():
        place = (*at, key) if key == "level" else (*at, key, skill)
        step = f"step {int(at[2]) + 1} of '{at[0]}'"
        if not isinstance(level, int):
            continue
        if skill not in before:
            what = f"{step} has '{skill}' in its topics, which the queue does not ask for"
            yield at_queues.problem(what, did_you_mean(skill, before), *place)
        elif isinstance(before[skill], int) and level >= before[skill]:
            what = f"{step} asks for level {level} of {skill}, no less than the {before[skill]} before it"
            yield at_queues.problem(what, "a step only lets more agents in: write a lower level", *place)


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


def _mapping(entry: dict[str, Any], key: str) -> dict[str, Any]:
    """A mapping; what is none has its problem already."""
    values = entry.get(key)
    return {str(word): value for word, value in values.items()} if isinstance(values, dict) else {}
