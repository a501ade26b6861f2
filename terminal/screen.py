"""What a call looks like in a terminal: lines with their time, and below them, on a terminal, what is now."""

import os
import sys
import time
import unicodedata
from typing import TextIO

import click

from carrier.phone import Heard

LANGUAGES = {"zh": "中文", "cmn": "中文", "en": "English", "ja": "日本語", "ko": "한국어", "ru": "Русский"}
WIDEST = 8  # columns of the widest of them
USUAL = 80  # columns of a terminal


class Screen:
    """Prints lines as they come. The status line stays below them; a pipe gets the lines only."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._status = ""
        self._typed = ""
        self._began = time.monotonic()

    @property
    def elapsed(self) -> str:
        seconds = int(time.monotonic() - self._began)
        return f"{seconds // 60}:{seconds % 60:02}"

    def line(self, text: str, mark: str = "") -> None:
        self._clear()
        filled = mark + " " * (WIDEST - width(mark))
        click.echo(f"{self.elapsed:>5}  {click.style(filled, fg='cyan')}  {text}", file=self._out)
        self._draw()

    def heard(self, heard: Heard) -> None:
        """What came out of the telephone, marked with its language."""
        if heard.kind == "play":
            self.line(f"♪ {heard.text}")
        elif heard.kind == "tone":
            self.line(f"♪ {heard.text}", "tone")
        else:
            language = LANGUAGES.get(heard.language.partition("-")[0], heard.language)
            self.line(f"“{heard.text}”" if heard.kind == "voice" else heard.text, language)

    def status(self, text: str) -> None:
        """Show what is now; "" shows nothing."""
        self._below(text, self._typed)

    def typing(self, words: str) -> None:
        """Show what is being typed, instead of the status, until it is ""."""
        self._below(self._status, words)

    def _below(self, status: str, typed: str) -> None:
        if (status, typed) != (self._status, self._typed):
            self._clear()
            self._status, self._typed = status, typed
            self._draw()

    def _clear(self) -> None:
        if self._out.isatty() and (self._typed or self._status):
            self._out.write("\r\x1b[K")

    def _draw(self) -> None:
        """One row, however much is typed: what does not fit in front is not shown."""
        if self._out.isatty():
            columns = os.get_terminal_size(self._out.fileno()).columns or USUAL  # 0: it doesn't say
            self._out.write(tail(self._typed or self._status, columns - 1))
        self._out.flush()


def tail(text: str, columns: int) -> str:
    """The end of `text` that goes into so many columns."""
    while text and width(text) > columns:
        text = text[1:]
    return text


def width(text: str) -> int:
    """Columns that `text` takes: Chinese, Japanese and Korean characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
