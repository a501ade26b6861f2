"""The hotline that runs on this folder, as others find it: var/run.json, true while var/run.lock is held."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from terminal.refusal import Refusal


@dataclass(frozen=True)
class Running:
    """Where the running hotline is: `web`, `carrier` and `public` are base URLs, `parts` the process ids by
    name."""

    pid: int
    number: str
    web: str
    carrier: str | None
    public: str
    parts: dict[str, int]

    def write(self, var: Path) -> None:
        with NamedTemporaryFile("w", dir=var, delete=False) as new:
            json.dump(asdict(self), new, indent=2)
        os.replace(new.name, var / "run.json")


@contextmanager
def claimed(var: Path) -> Iterator[None]:
    """Hold the folder `var` for one supervisor; a second one is refused."""
    with _opened(var) as lock:
        if not _locked(lock):
            raise Refusal(*_taken(var))
        try:
            yield
        finally:
            (var / "run.json").unlink(missing_ok=True)


def _opened(var: Path) -> IO[str]:
    try:
        var.mkdir(parents=True, exist_ok=True)
        return (var / "run.lock").open("w")
    except OSError as error:
        mend = "make the folder writable, or name another one: HOTLINE_VAR=/path"
        raise Refusal(f"{var} cannot be written to: {error.strerror}", mend) from None


def _locked(lock: IO[str]) -> bool:
    for _ in range(10):  # somebody who only looks holds it for a moment
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def _taken(var: Path) -> tuple[str, str]:
    found = find(var)
    who = f" (process {found.pid}, {found.web})" if found else ""
    stop = f"stop that one with Ctrl-C in its terminal{f' or `kill {found.pid}`' if found else ''}"
    return (
        f"a hotline already runs on {var}{who}",
        f"{stop}; a second one needs its own folder and ports: HOTLINE_VAR=var2, --web-port, --carrier-port",
    )


def find(var: Path) -> Running | None:
    """The hotline that runs on `var`; None if none does. A folder that can't be looked into is refused."""
    try:
        with (var / "run.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        pass
    except OSError as error:
        mend = "be the user who started the hotline, or name its folder: HOTLINE_VAR=/path"
        raise Refusal(f"{var} cannot be looked into: {error.strerror}", mend) from None
    try:
        return Running(**json.loads((var / "run.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None  # it is just starting


def the_running(var: Path) -> Running:
    """The hotline that runs on `var`, or the refusal that says how to start one."""
    found = find(var)
    if found is None:
        raise Refusal("no hotline is running here", "start it in another terminal: make run")
    return found
