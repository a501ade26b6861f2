"""Resolves requirements.lock anew: every package setup.cfg asks for, extras included, with its hashes.

Run by `make lock`. uv does it, for every platform and Python at once, in an environment of its own, so that
it is not in the lock itself.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
WHAT = ["--all-extras", "--upgrade", "--generate-hashes", "--universal", "--python-version", "3.11"]
PLAIN = ["--quiet", "--no-header", "--no-annotate"]


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        subprocess.run([f"{place}/bin/python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        lock = FOLDER / "requirements.lock"
        resolve = [f"{place}/bin/uv", "pip", "compile", *WHAT, *PLAIN, "-o", str(lock), "setup.cfg"]
        subprocess.run(resolve, check=True, cwd=FOLDER)
    print("requirements.lock is new; run make test, then commit it", file=sys.stderr)


if __name__ == "__main__":
    main()
