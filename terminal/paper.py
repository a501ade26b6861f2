"""The file that a live call is written down in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from terminal.refusal import Refusal
from terminal.saving import Notes


@contextmanager
def written_down(notes: Notes, file: Path | None) -> Iterator[None]:
    """Write `notes` into `file`, if there is one, after the block; refused before it where that can't be.

    What stood in the file stays until then. Without a call it stays for good.
    """
    if file is None:
        yield
        return
    is_new = not file.exists()
    try:
        file.open("a").close()
    except OSError as error:
        raise Refusal(_no(file, error), "name a file in a folder that is yours") from None
    try:
        yield
    finally:
        if notes:
            _write(notes.written(), file)
        elif is_new:
            file.unlink(missing_ok=True)


def _write(written: str, file: Path) -> None:
    """Where the disk has become full meanwhile, on the screen: the call is over and can't be noted again."""
    try:
        file.write_text(written, encoding="utf-8")
    except OSError as error:
        click.echo(f"\n{written}")
        raise Refusal(_no(file, error), "the call is written down above: copy it") from None
    click.echo(f"written down in {file}; to play it: hotline call --script {file}")


def _no(file: Path, error: OSError) -> str:
    return f"can't write {file}: {(error.strerror or type(error).__name__).lower()}"
