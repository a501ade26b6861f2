"""Makes .venv from requirements.lock, or finds it made. Run by `make`; needs the standard library only.

The stamp is written last, so an environment that was being made when it was killed has none; it names the
lock and the folder, so a changed lock or a moved folder is seen too. Whatever is found wrong, .venv is made
anew: nothing of yours lives in it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import IO

FOLDER = Path(__file__).resolve().parent.parent


def stamp(folder: Path) -> dict[str, str]:
    """What a finished environment of `folder` says about itself."""
    return {
        "folder": str(folder),
        "lock": digest(folder / "requirements.lock"),
        "project": digest(folder / "setup.cfg"),
    }


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def stamped(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / ".venv" / "made.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def fault(folder: Path) -> str | None:
    """Why .venv has to be made anew; None when it only may need the project installed."""
    if not (folder / ".venv").exists():
        return "there is none yet"
    found, wanted = stamped(folder), stamp(folder)
    if not found:
        return "it was not finished"
    if found.get("folder") != wanted["folder"]:
        return "the folder has moved"
    if found.get("lock") != wanted["lock"]:
        return "requirements.lock has changed"
    if not runs(folder / ".venv" / "bin" / "python"):
        return "its Python is gone"
    return None


def runs(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip, click"], capture_output=True).returncode == 0
    except OSError:
        return False


def make(folder: Path) -> None:
    environment = folder / ".venv"
    if environment.is_symlink() or environment.is_file():
        environment.unlink()
    shutil.rmtree(environment, ignore_errors=True)
    venv.create(environment, with_pip=True)
    pip(folder, "--require-hashes", "-r", "requirements.lock")


def install_project(folder: Path) -> None:
    pip(folder, "--no-build-isolation", "--no-deps", "-e", ".")
    (folder / ".venv" / "made.json").write_text(json.dumps(stamp(folder)))


def pip(folder: Path, *arguments: str) -> None:
    """Run pip install, counting packages on a terminal; what pip printed is shown when it fails."""
    command = [".venv/bin/python", "-m", "pip", "--disable-pip-version-check", "install", *arguments]
    printed = []
    packages = 0
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, close_fds=False
    ) as child:
        for line in child.stdout or ():
            printed.append(line)
            packages += line.startswith("Collecting ")
            if sys.stderr.isatty():
                print(f"\r{packages} packages ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    if child.returncode:
        sys.stderr.writelines(printed[-15:])
        raise SystemExit(
            "pip could not install what the hotline needs\n    mend: see pip's words above, then make again"
        )


def alone(lock: IO[str]) -> None:
    """`make run` and `make test` side by side: the second waits, also for a pip whose make was killed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("another make is making .venv; waiting for it", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock.fileno(), True)  # pip keeps the lock for as long as it lives


def main() -> None:
    with (FOLDER / "requirements.lock").open() as lock:
        alone(lock)
        reason = fault(FOLDER)
        if reason:
            print(f"making .venv ({reason}); this takes a minute or two", file=sys.stderr)
            make(FOLDER)
        if stamped(FOLDER) != stamp(FOLDER):
            install_project(FOLDER)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped; the next make starts the environment anew") from None
