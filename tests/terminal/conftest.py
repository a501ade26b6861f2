"""Small programs that stand in for the parts of the hotline."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """`programs(name, code)` makes `python -m NAME` run `code`."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))

    def write(name, code):
        (tmp_path / f"{name}.py").write_text(code)
        return name

    return write
