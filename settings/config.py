"""Everything in config/ but the menus, as one value; a broken file refuses the whole of it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from settings.agents import Agent
from settings.calendar import Calendar, doubtful_special_days, ending_years, misplaced_days
from settings.cross import errors_between
from settings.cross_days import errors_of_days
from settings.files import FILES, document, stray_files, unusable_folder
from settings.hotline import Hotline
from settings.moved import moved
from settings.problems import ConfigRefused, Problem
from settings.queues import Queue
from settings.shape import read, read_each


@dataclass(frozen=True)
class Config:
    """What an admin has decided, all of it checked. Queues and agents keep the order of their files."""

    folder: Path
    hotline: Hotline
    queues: Mapping[str, Queue]
    agents: Mapping[str, Agent]
    calendar: Calendar


def load_config(folder: Path) -> Config:
    """The configuration in `folder`; raises ConfigRefused with every error in it."""
    config, problems = examine(folder, datetime.now(UTC).date())
    if config is None:
        raise ConfigRefused(problem for problem in problems if problem.level == "error")
    return config


def examine(folder: Path, today: date) -> tuple[Config | None, list[Problem]]:
    """The configuration, None where it has errors, and all its errors and warnings in order."""
    if unusable := unusable_folder(folder):
        return None, [unusable]
    at_hotline, at_queues, at_agents, at_calendar = documents = [document(folder, name) for name in FILES]
    problems = [*stray_files(folder), *(problem for each in documents for problem in each.problems)]

    hotline = read(Hotline, at_hotline, problems)
    queues = read_each(Queue, at_queues, problems)
    agents = read_each(Agent, at_agents, problems)
    calendar = read(Calendar, at_calendar, problems, zone=hotline.zone if hotline else ZoneInfo("UTC"))
    problems += errors_between(hotline, at_hotline, at_queues, at_agents)
    if calendar:
        problems += [*misplaced_days(calendar, at_calendar), *ending_years(calendar, at_calendar, today)]
        problems += [
            *doubtful_special_days(calendar, at_calendar),
            *errors_of_days(calendar, at_calendar, at_hotline, at_queues, at_agents),
        ]
    problems.sort()
    if hotline is None or calendar is None or any(problem.level == "error" for problem in problems):
        return None, problems
    return Config(folder, moved(hotline, os.environ), queues, agents, calendar), problems
