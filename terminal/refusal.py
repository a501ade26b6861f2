"""How a command says no: what is wrong, and what to do about it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from settings.problems import ConfigRefused
from settings.secrets import SecretsUnusable


class Refusal(click.ClickException):
    """Ends a command with exit code 1, one line of what is wrong and one of the mend."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}\n    mend: {mend}" if mend else what)

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


@contextmanager
def said_plainly() -> Iterator[None]:
    """What config/, var/ and the database refuse within the block is said in their own words."""
    from store.errors import StoreTooNew, StoreUnavailable

    try:
        yield
    except (ConfigRefused, SecretsUnusable, StoreTooNew) as refused:
        raise Refusal(str(refused)) from None
    except StoreUnavailable as away:
        raise Refusal(away.what, away.mend) from None


def refuse_other_hosts() -> None:
    """Whoever talks to the carrier says at the start, in one line, what would lead its library elsewhere."""
    from telephony.carrier import EdgeRefused, refuse_edge

    try:
        refuse_edge(os.environ)
    except EdgeRefused as refused:
        what, _, mend = str(refused).rpartition(": ")
        raise Refusal(what, mend) from None
