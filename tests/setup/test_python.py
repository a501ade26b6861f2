"""Finding a Python to build with, on machines that have none, an old one, or one without its venv module."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FINDER = Path(__file__).parents[2] / "setup" / "python.sh"
FITS = "exit 0"
TOO_OLD = 'case "$2" in *"sys.exit"*) exit 1;; *) exit 0;; esac'
NO_VENV = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; *) exit 0;; esac'


@pytest.fixture
def find(tmp_path):
    """`find(python3=FITS)` runs the finder where only these Pythons are."""

    def run(python=None, **pythons):
        for name, code in pythons.items():
            file = tmp_path / name.replace("_", ".")
            file.write_text(f"#!/bin/sh\n{code}\n")
            file.chmod(0o755)
        environ = {"PATH": str(tmp_path)} | ({"PYTHON": python} if python else {})
        return subprocess.run(["/bin/sh", FINDER], env=environ, capture_output=True, text=True)

    return run


def test_the_usual_python_is_taken_when_it_fits(find, tmp_path):
    assert find(python3=FITS, python3_12=FITS).stdout.strip() == str(tmp_path / "python3")


def test_another_version_is_taken_when_the_usual_one_is_too_old(find, tmp_path):
    assert find(python3=TOO_OLD, python3_13=FITS).stdout.strip() == str(tmp_path / "python3.13")


def test_one_that_can_make_environments_goes_before_one_that_cannot(find, tmp_path):
    assert find(python3=NO_VENV, python3_11=FITS).stdout.strip() == str(tmp_path / "python3.11")


def test_the_one_that_is_asked_for_is_taken(find, tmp_path):
    chosen = str(tmp_path / "python3.11")
    assert find(python=chosen, python3=FITS, python3_11=FITS).stdout.strip() == chosen


def test_the_one_that_is_asked_for_may_have_a_blank_in_its_path(find, tmp_path):
    folder = tmp_path / "my pythons"
    folder.mkdir()
    find(python3=FITS)
    chosen = (tmp_path / "python3").rename(folder / "python3")
    assert find(python=str(chosen)).stdout.strip() == str(chosen)


@pytest.mark.parametrize(
    ("pythons", "what", "mend"),
    [
        ({}, "no Python 3.11", "install one"),
        ({"python3": TOO_OLD}, "no Python 3.11", "PYTHON=/path"),
        ({"python3": NO_VENV}, "python3 cannot make virtual environments", "apt-get install python3.12-venv"),
        ({"python": "/nowhere/python"}, "PYTHON=/nowhere/python is not", "make PYTHON="),
    ],
)
def test_what_is_missing_is_one_line_and_the_mend(find, pythons, what, mend):
    found = find(**pythons)
    said, mended = found.stderr.splitlines()
    assert (found.returncode, found.stdout) == (1, "")
    assert what in said
    assert mended.startswith("    mend: ")
    assert mend in mended


def test_make_says_it_too(tmp_path):
    root = FINDER.parents[1]
    path = os.environ["PATH"]
    made = subprocess.run(
        [shutil.which("make"), "-C", root, "environment"],
        env={"PATH": path, "PYTHON": "/nowhere/python"},
        capture_output=True,
        text=True,
    )
    assert made.returncode != 0
    assert "PYTHON=/nowhere/python is not" in made.stderr
