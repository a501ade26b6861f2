"""A terminal that can't show Chinese still gets everything else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "koi8-r"])
@pytest.mark.parametrize("command", ["menu show config", "check config --no-calls", "menu show 没有"])
def test_what_a_terminal_cannot_show_ends_no_command(encoding, command):
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    hotline = [sys.executable, "-m", "app", *command.split()]
    ended = subprocess.run(hotline, cwd=ROOT, env=environ, capture_output=True)
    assert b"Traceback" not in ended.stderr
    assert b"Error" not in ended.stderr
    assert ended.returncode == (1 if "没有" in command else 0)
    assert b"welcome" in ended.stdout or b"mend" in ended.stderr
