"""The configuration as one value: settings and menu, loaded together or not at all."""

from dataclasses import dataclass
from pathlib import Path

from ivr.menu import Menu
from settings.config import Config


@dataclass(frozen=True)
class Setup:
    """What an admin has written, read and found right."""

    config: Config
    menu: Menu


def load(folder: Path) -> Setup:
    """Read the folder; ConfigRefused carries every problem of every file in it."""
    raise NotImplementedError
