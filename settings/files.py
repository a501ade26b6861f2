"""Which files belong into a config folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from settings.problems import Problem, did_you_mean
from settings.tree import Node
from settings.yaml import Document, load

FILES = {
    "hotline.yml": "who the hotline is",
    "queues.yml": "where callers wait",
    "agents.yml": "who answers",
    "calendar.yml": "when it is open",
}
MENUS = "menus"
FOLDERS = (MENUS, "calls", "audio")  # menus; written calls that try them; recordings to play
COPY = "copy it from the sample config folder that came with the hotline"


def unusable_folder(folder: Path) -> Problem | None:
    """Why nothing at all can be said about the folder."""
    name = folder.as_posix()
    if not folder.is_dir():
        what = "this is not a folder" if folder.exists() else "there is no such folder"
        return Problem(name, 1, what, "name the config folder, or set HOTLINE_CONFIG to it")
    if unreadable := unreadable_folder(folder):
        return unreadable
    if not os.listdir(folder):
        return Problem(name, 1, "the folder is empty", f"put {', '.join(FILES)} and menus/ in it")
    return None


def unreadable_folder(folder: Path) -> Problem | None:
    """Why nobody can say what is in the folder; None where it is not there at all."""
    try:
        os.listdir(folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        why = (error.strerror or "it can't be read").lower()
        mend = "check who owns it and who may read it"
        return Problem(folder.as_posix(), 1, f"the folder can't be read: {why}", mend)
    return None


def document(folder: Path, file: str) -> Document:
    """The file of that name, or, where it is missing, a document with nothing but this problem."""
    path = folder / file
    if file in _names(folder):
        return load(path)
    missing = Problem(
        path.as_posix(), 1, f"there is no {file}, which says {FILES[file]}", _mend(file, folder)
    )
    return Document(path.as_posix(), None, Node(1, None), (missing,))


def yaml_files(folder: Path) -> list[Path]:
    """The files in `folder` that the hotline reads, in order of their names."""
    return [folder / name for name in _names(folder) if name.endswith(".yml") and not incidental(name)]


def _mend(file: str, folder: Path) -> str:
    """A file of a similar name was probably meant to be this one."""
    stem = file.removesuffix("s.yml").removesuffix(".yml")
    others = [name for name in _names(folder) if name not in FILES]
    like = [name for name in others if name.lower().startswith(stem)]
    return f"rename {like[0]} to {file}" if like else COPY


def stray_files(folder: Path) -> Iterator[Problem]:
    """A warning for each file that nobody reads, and an error where nobody can say which there are."""
    known = {*FILES, *FOLDERS}
    for name in _names(folder):
        if name not in known and not incidental(name):
            yield _stray(folder / name, did_you_mean(name, known))
    for within in (MENUS, "calls"):
        if unreadable := unreadable_folder(folder / within):
            yield unreadable
        for name in _names(folder / within):
            path = folder / within / name
            if not name.endswith(".yml") and not incidental(name):
                named = "give it a name that ends in .yml, or move it elsewhere"
                yield _stray(path, f"move its files into {within}/" if path.is_dir() else named)


def _names(folder: Path) -> list[str]:
    """What is in the folder; nothing where it can't be read, which is said elsewhere."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _stray(path: Path, mend: str) -> Problem:
    return Problem(path.as_posix(), 1, "the hotline doesn't read this", mend, "warning")


def incidental(name: str) -> bool:
    """A file of an editor or a file system (a lock, a copy), and what is there for people to read."""
    return name.startswith((".", "#", "README")) or name.endswith(("~", ".swp", ".tmp", ".bak"))
