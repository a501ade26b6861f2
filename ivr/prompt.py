"""What a node says: a text for each language."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import ConfigDict, RootModel, model_validator

from calls.verbs import Play, Say
from ivr.text import Text, Words
from settings.shape import wrong
from settings.words import Language

Verbs = tuple[Say | Play, ...]


class Prompt(RootModel[dict[Language, Text]]):
    """A text for each language, in the order in which all of them are said where none is chosen yet."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _by_language(cls, value: Any) -> Any:
        if isinstance(value, dict) and value:
            return value
        raise wrong("has no language", "write the language before the text, like {zh: 您好, en: Hello}")

    @cached_property
    def ready(self) -> Mapping[str, Verbs]:
        """The verbs of each text without placeholders: they are always the same."""
        ready = {}
        for language, text in self.root.items():
            if not text.placeholders:
                ready[language] = text.speak(language, _nothing)
        return ready

    @property
    def texts(self) -> Mapping[str, Text]:
        """The texts by language."""
        return self.root

    def speak(self, language: str, words: Words) -> Verbs:
        """The verbs that say it in `language`, or in the language written first where that one is missing."""
        if language not in self.root:
            language = next(iter(self.root), language)
        ready = self.ready.get(language)
        if ready is not None:
            return ready
        text = self.root.get(language)
        return text.speak(language, words) if text else ()

    def speak_all(self, words: Words) -> Verbs:
        """The verbs that say it in every language it is written in."""
        return tuple(verb for language in self.root for verb in self.speak(language, words))


def _nothing(_name: str, _language: str) -> str:
    return ""
