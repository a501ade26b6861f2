"""How a command says no: what is wrong, and what to do about it."""

from typing import IO, Any

import click


class Refusal(click.ClickException):
    """Ends a command with exit code 1, one line of what is wrong and one of the mend."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}\n    mend: {mend}")

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)
