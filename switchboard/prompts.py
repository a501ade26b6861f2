"""Recorded prompts: in the menus a file below config/audio, on the line an address the carrier can reach."""

from collections.abc import Iterable
from dataclasses import replace

from calls.verbs import Gather, Play, Prompt, Verb
from telephony.links import Links


def reachable(verbs: Iterable[Verb], links: Links) -> tuple[Verb, ...]:
    """The verbs with the public address of each recording."""
    return tuple(_verb(verb, links) for verb in verbs)


def heard(prompts: Iterable[Prompt], links: Links) -> tuple[Prompt, ...]:
    """The prompts with the public address of each recording."""
    return tuple(_prompt(prompt, links) for prompt in prompts)


def _verb(verb: Verb, links: Links) -> Verb:
    match verb:
        case Play():
            return _prompt(verb, links)
        case Gather() if any(isinstance(prompt, Play) for prompt in verb.prompts):
            return replace(verb, prompts=heard(verb.prompts, links))
    return verb


def address(file: str, links: Links) -> str:
    """Where the carrier reaches a recording of the menus."""
    return file if "://" in file else links.recorded(file)


def _prompt(prompt: Prompt, links: Links) -> Prompt:
    return Play(address(prompt.url, links)) if isinstance(prompt, Play) else prompt
