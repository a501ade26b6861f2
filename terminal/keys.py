"""Keys from a person at a terminal, one at a time without Enter, or from a pipe, line by line."""

import asyncio
import codecs
import os
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

END = "\x04"  # Ctrl-D, and what comes after the last line of a pipe
PHONE_KEYS = frozenset("0123456789*#")
PROMPT = "say: "
SPEAK = "/"  # begins words to be spoken, up to Enter; s does too


@contextmanager
def one_at_a_time(source: TextIO | None = None) -> Iterator[None]:
    """Let a terminal hand over each key at once and unechoed; as it was again afterwards."""
    source = source or sys.stdin
    if not source.isatty():
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
        source = source or sys.stdin
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
        for line in source:
            words = line.strip()
            if words.startswith(("s ", SPEAK)):
                self.put(SPEAK + words[1:].strip())
            else:
                for key in words.replace(" ", ""):
                    self.put(key)
        self.put(END)

    def _terminal(self, source: TextIO) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with suppress(OSError):  # the terminal was closed
            while raw := os.read(source.fileno(), 64):
                for key in decoder.decode(raw):
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
