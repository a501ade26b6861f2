"""What a folder with errors still tells: the names in it, so that the menus can be checked all the same."""

from dataclasses import dataclass
from pathlib import Path

from settings.files import document
from settings.languages import LANGUAGES
from settings.yaml import Document


class Anything(frozenset[str]):
    """The names of a file that can't be read: nobody can say that one isn't among them."""

    def __contains__(self, name: object) -> bool:
        return True


@dataclass(frozen=True)
class Outline:
    """The names that menus may use, as far as they can be read. No languages: nobody knows which."""

    languages: tuple[str, ...]
    queues: frozenset[str]
    hours: frozenset[str]


def outline(folder: Path) -> Outline:
    """The names in a config folder, whatever else is wrong with it."""
    hotline, calendar = document(folder, "hotline.yml"), document(folder, "calendar.yml")
    return Outline(
        _languages(hotline),
        _names(document(folder, "queues.yml").data),
        _names(calendar.data.get("hours") if isinstance(calendar.data, dict) else None),
    )


def _languages(hotline: Document) -> tuple[str, ...]:
    written = hotline.data.get("languages") if isinstance(hotline.data, dict) else None
    if isinstance(written, list) and all(code in LANGUAGES for code in written):
        return tuple(written)
    return ()


def _names(entries: object) -> frozenset[str]:
    return frozenset(entries) if isinstance(entries, dict) else Anything()
