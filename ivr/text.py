"""A text of one language: words with {placeholders}, recordings, or both in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from calls.verbs import Play, Say
from settings.shape import wrong

Words = Callable[[str, str], str]
"""What stands for a placeholder, by its name, in a language."""
Part = tuple[str, str | None]  # as it stands, then the placeholder after it
BRACE = wrong("has a brace that is part of no {placeholder}", "a brace itself is written twice: {{ or }}")

WIDE = wrong("has full-width braces, which would be read out", "write { and } half-width")


@dataclass(frozen=True)
class Spoken:
    """Words to speak, taken apart at their placeholders when the menu is read."""

    parts: tuple[Part, ...]

    @classmethod
    def read(cls, text: str) -> "Spoken":
        """Take `text` apart; a brace that opens no name is refused."""
        if "｛" in text or "｝" in text:
            raise WIDE
        try:
            found = list(Formatter().parse(text))
        except ValueError:
            raise BRACE from None
        for _, name, form, conversion in found:
            if name is not None and (form or conversion or not name.isidentifier()):
                raise BRACE
        return cls(tuple((literal, name) for literal, name, _, _ in found))

    @property
    def ready(self) -> str | None:
        """The words; None where a placeholder is among them."""
        return None if any(name for _, name in self.parts) else self.fill(str)

    def fill(self, words: Callable[[str], str]) -> str:
        """The text with each placeholder filled."""
        return "".join(literal + words(name) if name else literal for literal, name in self.parts)


@dataclass(frozen=True)
class Audio:
    """A recording: a file in audio/ beside the configuration, written with that folder, or a URL. `text` is
    what it says, for whoever reads along."""

    file: str
    text: str | None = None


Piece = Spoken | Audio


@dataclass(frozen=True)
class Text:
    """What is said in one language, piece by piece.

    `您好` is spoken, `{file: audio/zh/hello.wav, text: 您好}` is played, a list does both in turn.
    """

    pieces: tuple[Piece, ...]

    @classmethod
    def read(cls, value: object) -> "Text":
        """Read a text as it stands in YAML."""
        values = value if isinstance(value, list) else [value]
        return cls(tuple(_piece(one) for one in values))

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.read)

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names of its placeholders."""
        spoken = (piece for piece in self.pieces if isinstance(piece, Spoken))
        return frozenset(name for one in spoken for _, name in one.parts if name)

    def files(self) -> Iterator[str]:
        """The recordings it plays."""
        return (piece.file for piece in self.pieces if isinstance(piece, Audio))

    def speak(self, language: str, words: Words) -> tuple[Say | Play, ...]:
        """The verbs that say it in `language`."""
        return tuple(
            Play(piece.file)
            if isinstance(piece, Audio)
            else Say(piece.fill(lambda name: words(name, language)), language)
            for piece in self.pieces
        )

    def plain(self) -> str:
        """It as one line for people to read, its placeholders in braces."""
        return " ".join(
            f"♪ {piece.file}" if isinstance(piece, Audio) else piece.fill(lambda name: f"{{{name}}}")
            for piece in self.pieces
        )


def _piece(value: object) -> Piece:
    match value:
        case str() if value.strip():
            return Spoken.read(value)
        case {"file": str(file), **more} if file and not more:
            return Audio(_recording(file))
        case {"file": str(file), "text": str(text), **more} if file and text.strip() and not more:
            return Audio(_recording(file), text.strip())
        case _:
            what = "is neither words to speak nor a recording"
            raise wrong(what, "write a text, or {file: audio/NAME.wav}")


def _recording(file: str) -> str:
    """A file in audio/: that folder is open to the carrier, the rest of the configuration is not."""
    within = file.startswith("audio/") and ".." not in file.split("/")
    if within or file.startswith(("https://", "http://")):
        return file
    raise wrong(f"plays '{file}', which is not in audio/", "put it there: {file: audio/NAME.wav}")
