"""How long a caller listens at each node before going on."""

import re

from ivr.flow import State
from ivr.length import seconds
from ivr.nodes import Lead
from ivr.nodes.asking import Asking
from ivr.nodes.choice import Choice
from ivr.nodes.collect import Collect
from ivr.nodes.lookup import Lookup
from ivr.nodes.record import Record
from ivr.nodes.transfer import Transfer
from ivr.prompt import Prompt
from ivr.text import Audio, Spoken, Text

PRESS = 0.5  # seconds for a key
RECORDING = 4.0  # seconds; how long a recording is taken to be
SORRY = 2.0  # seconds of apology for a wrong key or silence


def listening(node: object, state: State, lead: Lead) -> float:
    """The seconds a caller spends at `node` before going on by `lead`."""
    match node:
        case Choice() if lead.key:
            return _heard(node.ask, state, lead) + PRESS
        case Choice() if node.silence:
            return _said(node.ask, state) + node.wait
        case Asking():
            return _patience(node, state, lead)
        case Lookup():
            longest = max((_said(prompt, state) for prompt in node.states.values()), default=0.0)
            return 0.0 if lead.path == ("missing",) else _said(node.say, state) + longest
        case Transfer():
            return _said(node.say, state) + node.ring
        case Record():
            return _said(node.record, state) + (node.seconds if lead.path == ("then",) else node.silence)
        case _:
            return _said(getattr(node, "say", None), state)


def _patience(node: Asking, state: State, lead: Lead) -> float:
    """The question and the answer, or all tries with nothing pressed."""
    asked = node.collect if isinstance(node, Collect) else getattr(node, "ask", None)
    question = _said(asked, state)
    if lead.key == "0":
        return question + PRESS + node.wait
    if lead.key and isinstance(node, Collect):
        return question + PRESS * node.at_most + (_said(node.confirm, state) + PRESS if node.confirm else 0.0)
    return node.tries * (question + node.wait) + (node.tries - 1) * SORRY


def _said(prompt: Prompt | None, state: State) -> float:
    """The seconds of `prompt`: in the caller's language, or in all while none is chosen."""
    return sum(_length(text, language) for language, text in _texts(prompt, state))


def _heard(prompt: Prompt, state: State, lead: Lead) -> float:
    """The seconds until the key is named in the caller's language; of the whole prompt where it is not."""
    total = 0.0
    for language, text in _texts(prompt, state):
        named = _named(text, lead.key or "") if language == (lead.language or state.language) else None
        if named is not None:
            return total + _length(named, language)
        total += _length(text, language)
    return total


def _named(text: Text, key: str) -> Text | None:
    """`text` up to where it names the key: where the key stands last, by itself. None: it names another.

    The 1 of 12345 is no key, nor is one in the name of a recording or in the digits that are read back.
    """
    alone = re.compile(rf"(?<!\d){re.escape(key)}(?!\d)")
    for at, piece in reversed(list(enumerate(text.pieces))):
        if isinstance(piece, Spoken) and (found := list(alone.finditer(piece.fill(_unread)))):
            return Text((*text.pieces[:at], Spoken(((piece.fill(_figures)[: found[-1].end()], None),))))
    return None


def _unread(name: str) -> str:
    """As long as `_figures`, and no digit."""
    return "x" * len(_figures(name))


def _texts(prompt: Prompt | None, state: State) -> list[tuple[str, Text]]:
    texts = dict(prompt.texts) if prompt else {}
    if not state.chosen:
        return list(texts.items())
    language = state.language if state.language in texts else next(iter(texts), "")
    return [(language, texts[language])] if texts else []


def _length(text: Text, language: str) -> float:
    return sum(
        RECORDING if isinstance(piece, Audio) else seconds(piece.fill(_figures), language)
        for piece in text.pieces
    )


def _figures(name: str) -> str:
    return "0" * 11 if name.endswith("_spoken") else "00"
