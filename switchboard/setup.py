"""The configuration as one value: settings and menu, loaded together or not at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ivr.known import Known
from ivr.menu import Menu
from ivr.read import load_menus
from settings.config import MENUS, Config, examine
from settings.files import unusable_folder
from settings.outline import outline
from settings.problems import ConfigRefused, Problem


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
    """The configuration, None where it has errors, and all its errors and warnings, the menus' too."""
    config, problems = examine(folder, today)
    if config is None and unusable_folder(folder):
        return None, problems
    menu, more = load_menus(folder / MENUS, Known.of(config) if config else _known(folder))
    problems = sorted([*problems, *more])
    return (Setup(config, menu) if config and menu else None), problems


def _known(folder: Path) -> Known:
    """What a folder with errors offers a menu all the same."""
    names = outline(folder)
    return Known(names.languages, names.queues, names.hours, folder)
