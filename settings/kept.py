"""The last configuration that was right, kept in var/: what starts while config/ is broken starts with it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar
from zipfile import BadZipFile, ZipFile, ZipInfo

import structlog

from settings.files import FILES, MENUS, yaml_files
from settings.problems import ConfigRefused
from settings.yaml import LARGEST_FILE

T = TypeVar("T")

KEPT = "config.zip"

log = structlog.get_logger(__name__)


class Kept(Generic[T]):
    """The copy in `file`. `load` reads a folder; `load_copy` reads a copy of it, as if it were the folder."""

    def __init__(self, file: Path, load: Callable[[Path], T], load_copy: Callable[[Path, Path], T]) -> None:
        self.file = file
        self._load = load
        self._load_copy = load_copy

    def load(self, folder: Path) -> T:
        """What stands in `folder`, kept from now on, unless somebody writes there meanwhile."""
        before = _archive(folder)
        loaded = self._load(folder)
        if _archive(folder) == before:
            self._keep(before)
        return loaded

    def last(self, folder: Path) -> T | None:
        """What was kept, or None where nothing was, or nothing that can be used any more."""
        try:
            with self._unpacked() as copy:
                return self._load_copy(copy, folder)
        except (OSError, EOFError, BadZipFile, ConfigRefused):
            return None

    def _keep(self, content: bytes) -> None:
        try:
            if not self.file.is_file() or self.file.read_bytes() != content:
                _write(self.file, content)
        except OSError as error:
            log.warning(
                "the configuration is right, but no copy of it could be kept",
                file=str(self.file),
                why=error.strerror,
            )

    @contextmanager
    def _unpacked(self) -> Iterator[Path]:
        with TemporaryDirectory(prefix="hotline-config-") as copy:
            with ZipFile(self.file) as archive:
                archive.extractall(copy)
            yield Path(copy)


def _archive(folder: Path) -> bytes:
    """The files that are read, as one; the same files give the same bytes."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for file in (*(folder / name for name in FILES), *yaml_files(folder / MENUS)):
            with suppress(OSError):
                if file.stat().st_size <= LARGEST_FILE:
                    archive.writestr(ZipInfo(file.relative_to(folder).as_posix()), file.read_bytes())
    return content.getvalue()


def _write(file: Path, content: bytes) -> None:
    """The whole file or none of it, even if the power fails; only its owner reads the numbers in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as aside:
        new = Path(aside) / file.name
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
