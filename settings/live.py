"""A running hotline takes up a changed file; a broken one never replaces a working one."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from settings.files import incidental
from settings.problems import ConfigRefused, Problem

T = TypeVar("T")
FileStamp = tuple[int, int, int, int]  # when it was written, when it was changed at all, size, which file
Stamp = dict[str, FileStamp]

LONGEST_WAIT = 30.0  # seconds between looks while they fail

log = structlog.get_logger(__name__)


class Live(Generic[T]):
    """What `load` makes of `folder`, anew after each change.

    Where it is broken at first, what `last` gives, until it is mended; ConfigRefused where that is nothing.

    Two looks that find the same files are needed before they are read, for an editor may still be writing:
    a change is taken up after two to three times `every` seconds. `problems` are those of the last refusal,
    empty again once the files are mended. `on_change` is told each new value, in the thread that watches,
    and told again at the next look where it failed; so is a load tried again that failed for another reason.
    """

    def __init__(
        self,
        folder: Path,
        load: Callable[[Path], T],
        every: float = 0.5,
        last: Callable[[], T | None] = lambda: None,
    ) -> None:
        self.folder = folder
        self.every = every
        self.problems: tuple[Problem, ...] = ()
        self.on_change: Callable[[T], object] | None = None
        self._load = load
        self._read = self._seen = _stamp(folder)
        self._untold = False
        self._stopped = threading.Event()
        self.current: T = self._first(last)

    def start(self) -> None:
        """Watch the folder from now on."""
        threading.Thread(target=self._watch, name="config", daemon=True).start()

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()

    def look(self) -> None:
        """One look at the folder."""
        stamp = _stamp(self.folder)
        if stamp == self._seen and stamp != self._read:
            self._take(stamp)
        self._seen = stamp
        if self._untold and self.on_change:
            self.on_change(self.current)
        self._untold = False

    def _first(self, last: Callable[[], T | None]) -> T:
        try:
            return self._load(self.folder)
        except ConfigRefused as refusal:
            found = last()
            if found is None:
                raise
            self._refuse(refusal, "configuration refused, the last one that was right is used")
            return found

    def _watch(self) -> None:
        wait = self.every
        while not self._stopped.wait(wait):
            try:
                self.look()
                wait = self.every
            except Exception:
                wait = min(2 * wait, LONGEST_WAIT)
                log.exception("a changed configuration could not be taken up", folder=str(self.folder))

    def _take(self, stamp: Stamp) -> None:
        try:
            loaded = self._load(self.folder)
        except ConfigRefused as refusal:
            self._read = stamp
            self._refuse(refusal, "configuration refused, the one before stays")
            return
        if _stamp(self.folder) != stamp:
            return  # written to while it was read; the next look sees it
        self._read = stamp
        self.current, self.problems, self._untold = loaded, (), True
        log.info("configuration taken up", folder=str(self.folder))

    def _refuse(self, refusal: ConfigRefused, said: str) -> None:
        self.problems = refusal.problems
        for problem in refusal.problems:
            where = f"{problem.file}:{problem.line}"
            log.error(said, where=where, what=problem.what, mend=problem.mend)


def _stamp(folder: Path) -> Stamp:
    """What tells one state of the folder from another."""
    stamp: Stamp = {}
    met: set[str] = set()
    for path, folders, names in os.walk(folder, followlinks=True):
        here = os.path.realpath(path)
        if here in met:  # a link that leads back up
            folders.clear()
            continue
        met.add(here)
        for name in names:
            if not incidental(name):
                file = os.path.join(path, name)
                stamp[file] = _stamp_of(file)
    return stamp


def _stamp_of(file: str) -> FileStamp:
    try:
        found = os.stat(file)
    except OSError:
        return 0, 0, 0, 0
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
