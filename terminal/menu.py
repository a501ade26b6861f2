"""`hotline menu show`: the menu as a tree in the terminal, or as a picture in a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.tree import Tree

    from ivr.draw import Branch
    from ivr.menu import Menu

FILE = click.Path(path_type=Path, dir_okay=False)
COLOURS = {
    "say": "white",
    "choice": "yellow",
    "collect": "yellow",
    "hours": "magenta",
    "queue": "green",
    "record": "cyan",
    "transfer": "red",
    "lookup": "magenta",
    "hang_up": "bright_black",
}


@click.group()
def menu() -> None:
    """Draw the menus."""


@menu.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--language", "-l", default="zh", show_default=True, help="What the drawing is labelled in.")
@click.option("--mermaid", type=FILE, help="Write a Mermaid flowchart into this file instead.")
@click.option("--svg", type=FILE, help="Write an SVG picture into this file instead.")
def show(folder: Path | None, language: str, mermaid: Path | None, svg: Path | None) -> None:
    """Show the menu as a tree: what is pressed, what is said, and where it leads.

    FOLDER is HOTLINE_CONFIG if left out, else config/.
    """
    from ivr.mermaid import mermaid as as_mermaid
    from ivr.svg import svg as as_svg

    drawn = _menu(folder, language)
    if mermaid:
        _write(mermaid, as_mermaid(drawn, language))
    if svg:
        _write(svg, as_svg(drawn, language))
    if not mermaid and not svg:
        _print(drawn, language)


def _menu(folder: Path | None, language: str) -> "Menu":
    from settings.languages import LANGUAGES
    from settings.problems import did_you_mean
    from settings.secrets import config_folder
    from switchboard.setup import load
    from terminal.refusal import Refusal, said_plainly

    if language not in LANGUAGES:
        raise Refusal(f"there are no labels in '{language}'", did_you_mean(language, LANGUAGES))
    with said_plainly():
        return load(folder or config_folder()).menu


def _write(path: Path, text: str) -> None:
    from terminal.refusal import Refusal

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise Refusal(f"can't write {path}: {why}", "name a file in a folder that is yours") from error
    click.echo(f"written: {path}")


def _print(drawn: "Menu", language: str) -> None:
    from rich.console import Console

    from ivr.draw import tree

    Console().print(_tree(tree(drawn, language)), highlight=False)


def _tree(branch: "Branch") -> "Tree":
    from rich.tree import Tree

    grown = Tree(_label(branch), guide_style="bright_black")
    for way in branch.ways:
        grown.children.append(_tree(way))
    return grown


def _label(branch: "Branch") -> str:
    from rich.markup import escape

    box, key = branch.box, f"[bold]{escape(branch.label)}[/bold] → " if branch.label else ""
    if branch.again:
        return f"{key}[dim]{escape(box.name)} ↑[/dim]"
    said = f"  [dim]{escape(box.text)}[/dim]" if box.text else ""
    return f"{key}[{COLOURS[box.kind]}]{escape(box.name)}[/] ({escape(box.title)}){said}"
