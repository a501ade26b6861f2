"""Who may write to the SQLite file next: one thread of one process, and nobody starves.

SQLite's own waiting (`busy_timeout`) is a lottery that can starve one writer for seconds. Here the
writers stand in line: in front of the door (`.lock`) is a turnstile (`.turn`), and whoever has just
come out of the door finds the next one already standing in it.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: SQLite's own lock and busy_timeout keep processes apart, less fairly
    fcntl = None  # type: ignore[assignment]  # the module is absent there


class OutOfTurn(Exception):
    """Nobody came out of the door in time, or there is no door."""


class Turn:
    """The right to write to the SQLite file beside `path`, for one thread at a time."""

    def __init__(self, path: Path, patience: float = 10.0) -> None:
        self._patience = patience  # seconds
        self._turnstile = threading.Lock()
        self._door = threading.Lock()
        self._files = [Path(f"{path}.turn"), Path(f"{path}.lock")]

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Write while this lasts. OutOfTurn after `patience` seconds behind a thread of this process."""
        if not self._turnstile.acquire(timeout=self._patience):
            raise OutOfTurn(f"waited {self._patience:g} s for another thread to finish writing")
        try:
            if not self._door.acquire(timeout=self._patience):
                raise OutOfTurn(f"waited {self._patience:g} s for another thread to finish writing")
        finally:
            self._turnstile.release()
        try:
            with self._before_other_processes():
                yield
        finally:
            self._door.release()

    @contextmanager
    def _before_other_processes(self) -> Iterator[None]:
        if fcntl is None:
            yield
            return
        # Opened anew each time: a lock on a file that was open before a fork would be shared by both.
        with ExitStack() as door:
            with ExitStack() as turnstile:
                _lock(self._files[0], turnstile)
                _lock(self._files[1], door)
            yield


def _lock(path: Path, until: ExitStack) -> None:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutOfTurn(f"{path} cannot be written: {error.strerror}") from error
    until.callback(os.close, file)  # closing lets go, and so does the death of the process
    fcntl.flock(file, fcntl.LOCK_EX)
