"""What speaks: engines behind one small interface, and why one may not."""

from typing import Protocol

from carrier.speech.pcm import Pcm

LANGUAGES = {"zh": "zh", "cmn": "zh", "en": "en", "ja": "ja", "ko": "ko", "ru": "ru"}
"""Of a tag such as zh-CN, the part before the hyphen, and how the engines here call the language."""


class CannotSpeak(Exception):
    """No engine could say it; the caller hears nothing of it, and the debugger's log says why."""


class Engine(Protocol):
    """Something that speaks. `name` tells one voice from another where sounds are kept."""

    @property
    def name(self) -> str: ...

    def say(self, text: str, language: str) -> Pcm:
        """The sound of `text` in `language` (zh, en, ja, ko, ru). Raises CannotSpeak. Blocks."""
        ...

    def close(self) -> None:
        """Nothing more will be said; what is being said is broken off."""
