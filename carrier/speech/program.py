"""Engines in processes of their own: asked over pipes, ended when they hang, started again when they die."""

import json
import os
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from carrier.speech.engine import CannotSpeak
from carrier.speech.pcm import Pcm

PATIENCE = 20.0
"""Seconds that an engine may take for one text; then it is ended, and started again for the next."""

Process = subprocess.Popen[bytes]


class Program(ABC):
    """An engine in a process of its own, started when it is first asked; one request at a time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: Process | None = None
        self._turn = threading.Lock()
        self._closed = False

    def say(self, text: str, language: str) -> Pcm:
        """Ask the program; one that has died meanwhile is started again, once."""
        with self._turn:
            for _ in range(2):
                try:
                    return self._ask(text, language)
                except (OSError, ValueError) as error:
                    self._stop()
                    trouble = error
        raise CannotSpeak(f"{self.name} gave no answer: {trouble}")

    def close(self) -> None:
        """End the program, also in the middle of an answer."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()
        with self._turn:
            self._stop()

    @abstractmethod
    def _start(self) -> Process:
        """The process, with pipes. Raises OSError."""

    @abstractmethod
    def _answer(self, process: Process, text: str, language: str) -> Pcm:
        """Ask for a text and read its sound; OSError or ValueError where that is not what comes."""

    def _ask(self, text: str, language: str) -> Pcm:
        if self._closed:
            raise CannotSpeak(f"{self.name} has been closed")
        if self._process is None:
            self._process = self._start()
        process, late = self._process, threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        too_long = threading.Timer(PATIENCE, end)
        too_long.start()
        try:
            return self._answer(process, text, language)
        except (OSError, ValueError):
            if late.is_set():  # the next try would take as long
                self._stop()
                raise CannotSpeak(f"{self.name} took more than {PATIENCE:g} seconds") from None
            raise
        finally:
            too_long.cancel()

    def _stop(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            with suppress(BrokenPipeError), process:  # closes the pipes; a request may be left in one
                pass


def public() -> dict[str, str]:
    """The environment without what is the carrier's alone: an engine needs no account and no token."""
    ours = ("CARRIER_", "HOTLINE_", "TWILIO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def pipes(process: Process) -> tuple[IO[bytes], IO[bytes]]:
    """Where it is asked, and where it answers."""
    if process.stdin is None or process.stdout is None:
        raise OSError("it has no pipes")
    return process.stdin, process.stdout


class Bundled(Program):
    """A program of the carrier's own, `python -m module`; `espeak_voice` says what is asked and answered."""

    def __init__(self, module: str) -> None:
        super().__init__(module.rpartition(".")[2])
        self._command = [sys.executable, "-m", module]

    def _start(self) -> Process:
        self._complaints = TemporaryFile()  # noqa: SIM115 - read when the program has ended
        pipe = subprocess.PIPE
        return subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=self._complaints, env=public())

    def _answer(self, process: Process, text: str, language: str) -> Pcm:
        ask, told_by = pipes(process)
        ask.write(json.dumps({"text": text, "language": language}).encode() + b"\n")
        ask.flush()
        line = told_by.readline()
        if not line:
            raise OSError(f"it ended with exit code {process.wait()}{self._last_words()}")
        told = json.loads(line)
        if "error" in told:
            raise CannotSpeak(f"{self.name}: {told['error']}")
        sound = told_by.read(told["bytes"])
        if len(sound) != told["bytes"]:
            raise OSError("it ended in the middle of an answer")
        return Pcm(told["rate"], np.frombuffer(sound, np.int16))

    def _last_words(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        return next((f", {line.strip()}" for line in reversed(lines) if line.strip()), "")

    def _stop(self) -> None:
        if self._process is not None:
            super()._stop()
            self._complaints.close()
