"""Resolves requirements.lock anew: every package setup.cfg asks for, extras included, with its hashes.

Run by `make lock`. pip-tools does it, in an environment of its own, so that it is not in the lock itself.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--all-extras",
    "--allow-unsafe",
    "--generate-hashes",
    "--strip-extras",
    "--resolver=backtracking",
    "--upgrade",
]
PLAIN = ["--quiet", "--no-header", "--no-annotate", "--no-emit-options"]


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        python = f"{place}/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        new = Path(place, "requirements.lock")
        compile_lock = [
            python,
            "-m",
            "piptools",
            "compile",
            *OPTIONS,
            *PLAIN,
            "--output-file",
            str(new),
            "setup.cfg",
        ]
        subprocess.run(compile_lock, check=True, cwd=FOLDER)
        (FOLDER / "requirements.lock").write_bytes(new.read_bytes())
    print("requirements.lock is new; run make test, then commit it", file=sys.stderr)


if __name__ == "__main__":
    main()
