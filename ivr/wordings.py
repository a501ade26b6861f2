"""Everything that a menu can say: each text of each node and of texts.yml, in each language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.menu import Menu
from ivr.text import Audio, Spoken, Text

WORD = re.compile(r"\w")
IN_OTHERS = "language-"  # what a language is called is said within other texts, never by itself


@dataclass(frozen=True)
class Wording:
    """One text in one language. `path` is its place in the node `name`, or nothing in texts.yml.

    What is not `recordable` has no place for a recording.
    """

    name: str
    path: tuple[str, ...]
    language: str
    text: Text
    recordable: bool = True

    @property
    def by(self) -> str:
        """Who speaks it: voice, recording, both in turn, or `word`, which is said within other texts."""
        if not self.path and self.name.startswith(IN_OTHERS):
            return "word"
        kinds = {type(piece) for piece in self.text.pieces}
        return "both" if len(kinds) == 2 else "recording" if kinds == {Audio} else "voice"

    @property
    def lacks_recording(self) -> bool:
        """Whether a voice speaks words of it; numbers alone, which nobody can record, are no words."""
        spoken = self.recordable and self.by != "word"
        return spoken and any(WORD.search(words) for words in self._literals())

    def ahead(self) -> Iterator[str]:
        """What a voice is going to say of it, letter by letter the same each time."""
        if self.by == "word":
            return
        for piece in self.text.pieces:
            if isinstance(piece, Spoken) and piece.ready is not None:
                yield piece.ready

    def _literals(self) -> Iterator[str]:
        for piece in self.text.pieces:
            if isinstance(piece, Spoken):
                yield from (literal for literal, _ in piece.parts)


def read_along(menu: Menu) -> dict[str, str]:
    """What each recording of the menu says, by its file or URL, as far as anybody has written it down."""
    pieces = (piece for wording in wordings(menu) for piece in wording.text.pieces)
    return {piece.file: piece.text for piece in pieces if isinstance(piece, Audio) and piece.text}


def wordings(menu: Menu) -> Iterator[Wording]:
    """All of them, nodes first, in the order in which they are written."""
    for name, node in menu.nodes.items():
        for path, prompt in node.prompts():
            for language, text in prompt.texts.items():
                yield Wording(name, path, language, text)
    for name, prompt in menu.texts.entries.items():
        for language, text in prompt.texts.items():
            yield Wording(name, (), language, text)
