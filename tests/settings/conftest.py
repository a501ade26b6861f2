"""Config folders that begin as the sample and are then broken."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from settings.config import examine

SAMPLE = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The path of a copy of the sample configuration: "config", as an admin would call it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SAMPLE, "config")
    return Path("config")


@pytest.fixture
def problems(config):
    """`problems()` are the problems of `config` on a day of 2026; `problems("error")` only the errors."""

    def found(level=None, today=date(2026, 6, 1)):
        return [problem for problem in examine(config, today)[1] if level in (None, problem.level)]

    return found
