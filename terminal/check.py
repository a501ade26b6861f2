"""`hotline check`: what is wrong in config/, what is discouraged, whether the written calls still hold."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    from settings.problems import Problem
    from switchboard.setup import Setup
    from terminal.script import Script


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--schema",
    is_flag=False,
    flag_value="",
    metavar="[FOLDER]",
    help="Only write JSON Schemas for editors, into FOLDER (schema/ in var/ if left out).",
)
@click.option("--calls/--no-calls", default=True, help="Whether to play the written calls in FOLDER/calls.")
@click.pass_context
def check(context: click.Context, folder: Path | None, schema: str | None, calls: bool) -> None:
    """Read every file in config/ and say what is wrong, where, and the mend.

    Without errors, also what is discouraged, the keys and seconds to a person on every path, and whether the
    written calls still go as written. FOLDER is HOTLINE_CONFIG if left out, else config/. Ends with 1 where
    there are errors.
    """
    from settings.secrets import config_folder, variable_folder

    folder = folder or config_folder()
    if schema is not None:
        from terminal.schemas import write_schemas

        write_schemas(Path(schema) if schema else variable_folder() / "schema", folder)
    else:
        context.exit(0 if _right(folder, calls, Console()) else 1)


def _right(folder: Path, calls: bool, console: Console) -> bool:
    """Say everything there is to say; whether it is free of errors."""
    from ivr.routes import routes
    from switchboard.setup import survey
    from terminal.coverage import coverage
    from terminal.paths import paths

    setup, problems = survey(folder, datetime.now(UTC).date())
    scripts, more = _scripts(folder)
    problems += more
    if setup is None or any(problem.level == "error" for problem in problems):
        _refuse(problems, console)
        return False
    console.print(paths(routes(setup.menu, setup.config.hotline.languages[0])))
    _show([*problems, *coverage(setup)], "warning", "yellow", console)
    return not (calls and scripts) or _played(setup, scripts, console)


def _scripts(folder: Path) -> "tuple[list[Script], list[Problem]]":
    """The written calls, and what is wrong with how they are written."""
    from settings.files import yaml_files
    from terminal.script import read

    scripts, problems = [], []
    for path in yaml_files(folder / "calls"):
        script, wrong = read(path)
        problems += wrong
        scripts += [script] if script else []
    return scripts, problems


def _played(setup: "Setup", scripts: "list[Script]", console: Console) -> bool:
    """Play the written calls; whether all of them went as written."""
    from terminal.rehearse import rehearse

    differences = []
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("playing the written calls", total=len(scripts))
        for difference in rehearse(setup, scripts):
            differences += [difference] if difference else []
            progress.advance(task)
    for difference in differences:
        _print(difference, console)
    went = len(scripts) - len(differences)
    console.print(f"{went} of {_count(len(scripts), 'written call')} went as written", highlight=False)
    return not differences


def _refuse(problems: "list[Problem]", console: Console) -> None:
    """The errors, with the warnings that may say why: a file that nobody reads is missed elsewhere."""
    warnings = [problem for problem in problems if problem.level == "warning"]
    if warnings:
        _show(warnings, "warning", "yellow", console)
    _show([problem for problem in problems if problem.level == "error"], "error", "red", console)


def _show(problems: "list[Problem]", kind: str, colour: str, console: Console) -> None:
    """The problems in order of file and line, never wrapped, and how many they are."""
    for problem in sorted(problems):
        _print(str(problem), console)
    console.print(
        _count(len(problems), kind), style=f"bold {colour if problems else 'green'}", highlight=False
    )


def _print(text: str, console: Console) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
