"""The configuration as one value: settings and menu, loaded together or not at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ivr.known import Known
from ivr.menu import Menu
from ivr.read import read_menus
from settings.config import Config, examine
from settings.problems import ConfigRefused, Problem
from settings.yaml import load as read_yaml


@dataclass(frozen=True)
class Setup:
    """What an admin has written, read and found right."""

    config: Config
    menu: Menu


def load(folder: Path) -> Setup:
    """Read the folder; ConfigRefused carries every error of every file in it."""
    setup, problems = survey(folder, datetime.now(UTC).date())
    if setup is None:
        raise ConfigRefused(problem for problem in problems if problem.level == "error")
    return setup


def survey(folder: Path, today: date) -> tuple[Setup | None, list[Problem]]:
    """The configuration, None where it has errors, and all its errors and warnings.

    The menus are read against the rest, so they are only looked at once the rest is right.
    """
    config, problems = examine(folder, today)
    if config is None:
        return None, problems
    documents = [read_yaml(path) for path in sorted(config.menus_folder.glob("*.yml"))]
    menu, more = read_menus(documents, Known.of(config))
    problems = sorted([*problems, *more])
    return (Setup(config, menu) if menu else None), problems
