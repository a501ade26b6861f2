"""Keys from a person at a terminal, one at a time without Enter, or from a pipe, as they come."""

import asyncio
import codecs
import os
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TextIO

END = "\x04"  # Ctrl-D, and what comes after the last line of a pipe
ESCAPE = "\x1b"
PHONE_KEYS = frozenset("0123456789*#")
PROMPT = "say: "
SPEAK = "/"  # begins words to be spoken, up to Enter; s does too


@contextmanager
def one_at_a_time(source: TextIO | None = None) -> Iterator[None]:
    """Let a terminal hand over each key at once and unechoed; as it was again afterwards."""
    source = source or sys.stdin
    if source is None or not source.isatty():
        yield
        return
    before = termios.tcgetattr(source)
    tty.setcbreak(source)
    try:
        yield
    finally:
        termios.tcsetattr(source, termios.TCSADRAIN, before)


class Keys:
    """Single keys as they come; "/" followed by words when somebody speaks; END once there are no more.

    `echo` is shown the words while they are typed, and "" when they are finished.
    """

    def __init__(self, echo: Callable[[str], None], source: TextIO | None = None) -> None:
        source = source or sys.stdin or StringIO()  # a closed input is an empty one
        self.piped = not source.isatty()
        self._echo = echo
        self._words: str | None = None
        self._found: asyncio.Queue[str] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        read = self._pipe if self.piped else self._terminal
        threading.Thread(target=read, args=(source,), daemon=True).start()

    async def next(self) -> str:
        return await self._found.get()

    def put(self, key: str) -> None:
        """As if it had been pressed; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._found.put_nowait, key)

    def _pipe(self, source: TextIO) -> None:
        pipe = Pipe(self.put)
        for sign in _signs(source):
            pipe.sign(sign)
        pipe.end_line()
        self.put(END)

    def _terminal(self, source: TextIO) -> None:
        for key in _plain(_signs(source)):
            self._typed(key)
        self.put(END)

    def _typed(self, key: str) -> None:
        if self._words is None:
            if key in ("s", SPEAK):
                self._words = ""
                self._echo(PROMPT)
            else:
                self.put(key)
            return
        if key in "\r\n":
            if self._words.strip():
                self.put(SPEAK + self._words.strip())
            self._words = None
        elif key == "\x7f":
            self._words = self._words[:-1]
        elif key.isprintable():
            self._words += key
        self._echo("" if self._words is None else PROMPT + self._words)


class Pipe:
    """What comes through a pipe: each sign is a key at once, but for a line that is to be spoken."""

    def __init__(self, put: Callable[[str], None]) -> None:
        self._put = put
        self._words = ""  # of a line that is, or may become, one to be spoken
        self._are_keys = False  # this line is none

    def sign(self, sign: str) -> None:
        """One more; / or s and a blank at the beginning of a line make it words."""
        if sign == "\n":
            self.end_line()
        elif self._are_keys:
            self._key(sign)
        else:
            self._words = (self._words + sign).lstrip()
            self._are_keys = not (self._words.startswith(SPEAK) or "s ".startswith(self._words[:2]))
            if self._are_keys:
                self._keys()

    def end_line(self) -> None:
        """The words are whole."""
        if self._words.startswith((SPEAK, "s ")):
            if words := self._words[1:].strip():
                self._put(SPEAK + words)
        else:
            self._keys()
        self._words, self._are_keys = "", False

    def _keys(self) -> None:
        for key in self._words:
            self._key(key)
        self._words = ""

    def _key(self, key: str) -> None:
        if not key.isspace():
            self._put(key)


def _plain(signs: Iterable[str]) -> Iterator[str]:
    """Without what a terminal sends for keys such as PageUp, ESC [ 5 ~, which is no 5."""
    inside = ""
    for sign in signs:
        if sign == ESCAPE:
            inside = sign
        elif inside == ESCAPE and sign in "[O":
            inside += sign
        elif len(inside) > 1:
            if sign >= "@":  # its last sign
                inside = ""
        else:
            inside = ""
            yield sign


def _signs(source: TextIO) -> Iterator[str]:
    """Each as soon as it is there, until the terminal or the pipe is closed."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with suppress(OSError):
        while raw := os.read(source.fileno(), 64):
            yield from decoder.decode(raw)
