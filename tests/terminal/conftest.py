"""Small programs, lines, keys and screens that stand in for the real ones."""

import asyncio
import os
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from carrier.phone import Heard
from terminal.screen import Screen


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """`programs(name, code)` makes `python -m NAME` run `code`."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))

    def write(name, code):
        (tmp_path / f"{name}.py").write_text(code)
        return name

    return write


class Line:
    """A line that a test speaks on: what is done with it is kept in `done`."""

    def __init__(self, status="in-progress"):
        self.status = status
        self.heard = []
        self.done = []

    @property
    def live(self):
        return self.status in ("ringing", "in-progress")

    def says(self, text, language="zh-CN", kind="say"):
        self.heard.append(Heard(text, language, kind, datetime(2026, 11, 24, tzinfo=UTC)))

    async def press(self, keys):
        self.done.append(f"press {keys}")

    async def speak(self, text, language=""):
        self.done.append(f"speak {text}")

    async def answer(self):
        self.done.append("answer")
        self.status = "in-progress"

    async def decline(self):
        self.done.append("decline")
        self.status = "busy"

    async def hang_up(self):
        self.done.append("hang up")
        self.status = "completed"

    async def ends(self, within=30):
        while self.live:
            await asyncio.sleep(0.01)
        return self.status

    async def hears(self, text, within=30):
        return self.heard[0]


class Typed:
    """Keys that a test presses."""

    def __init__(self, *keys, piped=False):
        self.piped = piped
        self._keys = list(keys)

    def put(self, key):
        self._keys.append(key)

    async def next(self):
        while not self._keys:
            await asyncio.sleep(0.01)
        key = self._keys.pop(0)
        return key() or "" if callable(key) else key


@pytest.fixture
def telephone():
    """`telephone.line()`, and `telephone.keys("4", "h")` that are pressed one after the other."""
    return SimpleNamespace(line=Line, keys=Typed)


@pytest.fixture
def screen():
    """A screen, and all that is printed on it."""
    out = StringIO()
    shown = Screen(out)
    shown.text = out.getvalue
    return shown
