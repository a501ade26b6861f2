"""Sounds on disk: what was used last stays, up to so many bytes."""

import os
import time
import wave
from contextlib import suppress
from pathlib import Path

from carrier.speech.pcm import Pcm

MOST = 256 * 2**20
"""Bytes: some three thousand sounds. Every ticket number makes a new one, and nobody asks for it again."""
LOOK = 50  # sounds that are put away between two looks at how much there is
DAY = 86_400.0  # seconds


class Shelf:
    """WAV files in `folder`. Several programs may use it at once."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self._most = most
        self._put = 0

    def find(self, name: str) -> Pcm | None:
        """The sound of this name; None where there is none, or the file is not whole."""
        path = self.folder / name
        try:
            sound = Pcm.load(path)
            if time.time() - path.stat().st_mtime > DAY:
                path.touch()  # still wanted
        except (OSError, EOFError, wave.Error):
            return None
        return sound

    def put(self, name: str, sound: Pcm) -> None:
        """Keep a sound. Raises OSError where the disk doesn't take it."""
        sound.save(self.folder / name)
        if self._put % LOOK == 0:
            self._make_room()
        self._put += 1

    def _make_room(self) -> None:
        """Over the limit, what was not used for the longest goes, down to three quarters of it."""
        with os.scandir(self.folder) as entries:
            files = []
            for entry in entries:
                with suppress(FileNotFoundError):  # another program has just made room
                    about = entry.stat()
                    files.append((about.st_mtime, about.st_size, entry.path))
        left = sum(size for _, size, _ in files)
        if left <= self._most:
            return
        for _, size, path in sorted(files):
            Path(path).unlink(missing_ok=True)
            left -= size
            if left <= self._most * 3 // 4:
                return
