"""The configuration as one value: settings and menu, loaded together or not at all."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from ivr.known import Known
from ivr.menu import Menu
from ivr.read import load_menus
from routing.rulebook import Rulebook, rulebook
from settings.config import Config, examine, load_config
from settings.files import MENUS, unusable_folder
from settings.kept import KEPT, Kept
from settings.outline import outline
from settings.problems import ConfigRefused, Problem
from settings.secrets import variable_folder


@dataclass(frozen=True)
class Setup:
    """What an admin has written, read and found right."""

    config: Config
    menu: Menu

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules by which it is decided who is rung."""
        return rulebook(self.config.queues)


def load(folder: Path) -> Setup:
    """Read the folder; ConfigRefused carries every error of every file in it."""
    setup, problems = survey(folder, datetime.now(UTC).date())
    if setup is None:
        raise _refused(problems)
    return setup


def load_copy(copy: Path, folder: Path) -> Setup:
    """A copy of `folder`, as if it were read there; ConfigRefused where this hotline can't use it any more.

    Recordings are in `folder` alone. One that is lost is not heard, and refuses no configuration here.
    """
    config = replace(load_config(copy), folder=folder)
    menu, problems = load_menus(copy / MENUS, replace(Known.of(config), folder=None))
    if menu is None:
        raise _refused(problems)
    return Setup(config, menu)


def kept_setup() -> Kept[Setup]:
    """The last configuration that was right, in the variable folder."""
    return Kept(variable_folder() / KEPT, load, load_copy)


def survey(folder: Path, today: date) -> tuple[Setup | None, list[Problem]]:
    """The configuration, None where it has errors, and all its errors and warnings, the menus' too."""
    config, problems = examine(folder, today)
    if config is None and unusable_folder(folder):
        return None, problems
    menu, more = load_menus(folder / MENUS, Known.of(config) if config else _known(folder))
    problems = sorted({*problems, *more})
    return (Setup(config, menu) if config and menu else None), problems


def _refused(problems: list[Problem]) -> ConfigRefused:
    return ConfigRefused(problem for problem in problems if problem.level == "error")


def _known(folder: Path) -> Known:
    """What a folder with errors offers a menu all the same."""
    names = outline(folder)
    return Known(names.languages, names.queues, names.hours, folder=folder)
