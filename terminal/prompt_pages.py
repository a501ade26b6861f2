"""The texts of the menus as a table that fits the terminal, as lines for a pipe, and as JSON."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from terminal.prompt_list import Prompt

COLUMNS: dict[str, tuple[int, dict[str, Any]]] = {  # from what width of the terminal on, and how it is set
    "where": (90, {"no_wrap": True}),
    "text": (0, {"overflow": "fold"}),
    "lang": (30, {"no_wrap": True}),
    "by": (50, {"no_wrap": True}),
    "seconds": (64, {"no_wrap": True, "justify": "right"}),
    "words": (40, {"overflow": "fold", "ratio": 1}),
}
COLOURS = {"recording": "green", "both": "green", "word": "dim"}


def show(prompts: list[Prompt]) -> None:
    """A table on a terminal; in a pipe or a file a line for each text, its columns parted by tabs."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(table(prompts, console.width))
        console.print(_count(prompts), style="bold")
        console.print(*_voices(prompts), sep="\n", style="dim")
    else:
        for prompt in prompts:
            click.echo("\t".join(_cells(prompt, whole=True).values()))


def table(prompts: list[Prompt], width: int) -> Table:
    """One row a text; a narrow terminal has fewer columns."""
    shown = {heading: how for heading, (least, how) in COLUMNS.items() if width >= least}
    grown = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for heading, how in shown.items():
        grown.add_column(heading, **how)
    for prompt in prompts:
        cells, colour = _cells(prompt), COLOURS.get(prompt.wording.by, "")
        grown.add_row(*(Text(cells[heading], style=colour) for heading in shown))
    return grown


def values(prompt: Prompt) -> dict[str, Any]:
    """One text for JSON."""
    wording = prompt.wording
    return {
        "file": prompt.file,
        "line": prompt.line,
        "node": wording.name if wording.path else None,
        "text": ".".join(wording.path) or wording.name,
        "language": wording.language,
        "words": wording.text.plain(),
        "by": wording.by,
        "voice": prompt.voice or None,
        "lacks_recording": wording.lacks_recording,
        "recordings": list(wording.text.files()),
        "seconds": None if prompt.seconds is None else round(prompt.seconds, 1),
        "measured": prompt.measured,
    }


def _cells(prompt: Prompt, whole: bool = False) -> dict[str, str]:
    """The columns; of the file's path only its name, unless they are to be `whole`."""
    file = prompt.file if whole else prompt.file.rpartition("/")[2]
    return {
        "where": f"{file}:{prompt.line}",
        "text": prompt.called,
        "lang": prompt.wording.language,
        "by": prompt.wording.by,
        "seconds": _seconds(prompt),
        "words": " ".join(prompt.wording.text.plain().split()),
    }


def _seconds(prompt: Prompt) -> str:
    if prompt.seconds is None:
        return "?"
    return f"{'' if prompt.measured else '~'}{prompt.seconds:.1f}"


def _voices(prompts: list[Prompt]) -> list[str]:
    """Who speaks which languages."""
    who: dict[str, list[str]] = {}
    for prompt in prompts:
        if prompt.voice and prompt.wording.language not in (spoken := who.setdefault(prompt.voice, [])):
            spoken.append(prompt.wording.language)
    return [f"{voice}: {', '.join(languages)}" for voice, languages in who.items()]


def _count(prompts: list[Prompt]) -> str:
    lacking = sum(prompt.wording.lacks_recording for prompt in prompts)
    return f"{len(prompts)} text{'' if len(prompts) == 1 else 's'}, {lacking or 'none'} without a recording"
