"""The texts of the menus as an admin looks at them: where each stands, who speaks it, how long it takes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from carrier.speech.engine import CannotSpeak
from carrier.speech.spoken import Speech
from ivr.length import seconds
from ivr.spoken import digits
from ivr.text import Audio, Spoken, Text
from ivr.texts_file import TEXTS
from ivr.wordings import Wording, wordings
from settings.files import MENUS, document, yaml_files
from settings.yaml import Document, load
from switchboard.setup import Setup
from terminal.recorded import Recorded, listen

TICKET = "26112300001"  # as long as any


@dataclass(frozen=True)
class Prompt:
    """A text with its file and line. `seconds` is None where nobody knows; an estimate is not `measured`.

    `voice` is the name of the engine that speaks its words, where a voice does.
    """

    wording: Wording
    file: str
    line: int
    seconds: float | None
    measured: bool
    voice: str = ""
    recordings: tuple[Recorded, ...] = ()

    @property
    def called(self) -> str:
        """Node and key, or the name in texts.yml."""
        return ".".join((self.wording.name, *self.wording.path))

    def told(self, what: str) -> str:
        """A line about it, beginning with its place."""
        return f"{self.file}:{self.line}: {self.called} in {self.wording.language} {what}"

    @property
    def complaints(self) -> list[str]:
        """What is wrong with its recordings."""
        return [self.told(f"plays {each.file}, which {each.wrong}") for each in self.recordings if each.wrong]

    @property
    def broken(self) -> bool:
        """Whether callers would miss some of it."""
        return any(each.broken for each in self.recordings)


@dataclass(frozen=True)
class PromptList:
    """The texts of a configuration: those in `languages`, if there are any; only the `missing` ones."""

    setup: Setup
    speech: Speech
    languages: tuple[str, ...] = ()
    missing: bool = False

    def __iter__(self) -> Iterator[Prompt]:
        folder = self.setup.config.folder
        homes = _homes(folder / MENUS)
        for wording in wordings(self.setup.menu):
            if self._wanted(wording):
                yield self._prompt(wording, homes[wording.name if wording.path else TEXTS])
        for wording in filter(self._wanted, _notice(self.setup)):
            yield self._prompt(wording, document(folder, "hotline.yml"))

    def _wanted(self, wording: Wording) -> bool:
        right = not self.languages or wording.language in self.languages
        return right and (wording.lacks_recording or not self.missing)

    def _prompt(self, wording: Wording, home: Document) -> Prompt:
        line = home.line(wording.name, *wording.path, wording.language)
        recordings = {file: listen(self.setup.config.folder, file) for file in wording.text.files()}
        lengths = [
            (recordings[piece.file].seconds, True)
            if isinstance(piece, Audio)
            else self._spoken(piece, wording.language)
            for piece in wording.text.pieces
        ]
        known = [length for length, _ in lengths if length is not None]
        whole = sum(known) if len(known) == len(lengths) else None
        measured = whole is not None and all(each for _, each in lengths)
        voice = self._voice(wording)
        return Prompt(wording, home.file, line, whole, measured, voice, tuple(recordings.values()))

    def _voice(self, wording: Wording) -> str:
        with suppress(CannotSpeak):
            return "" if wording.by == "recording" else self.speech.voice(wording.language)
        return ""

    def _spoken(self, piece: Spoken, language: str) -> tuple[float, bool]:
        """The seconds a voice takes, and whether they were measured."""
        with suppress(CannotSpeak):
            if piece.ready is not None and (sound := self.speech.kept(piece.ready, language)):
                return sound.seconds, True
        return seconds(piece.fill(lambda name: _figures(name, language)), language), False


def _notice(setup: Setup) -> Iterator[Wording]:
    """What callers hear before a talk that is recorded: every word of it as it stands."""
    recording = setup.config.hotline.recording
    if recording is not None and recording.talks:
        for language, words in recording.notice.items():
            text = Text((Spoken(((words, None),)),))
            yield Wording("recording", ("notice",), language, text, recordable=False)


def _homes(folder: Path) -> dict[str, Document]:
    """The file of each node, by its name, and the one that holds the texts."""
    menus = {path.name: load(path) for path in yaml_files(folder)}
    nodes = {name: menu for file, menu in menus.items() if file != TEXTS for name in menu.data}
    return {**nodes, TEXTS: menus[TEXTS]}


def _figures(name: str, language: str) -> str:
    """Something as long as what will stand for a placeholder."""
    return digits(TICKET, language) if name.endswith("_spoken") else "00"
