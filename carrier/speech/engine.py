"""What speaks: one program for each engine, asked over its pipes and started again when it dies."""

import json
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Protocol

import numpy as np

from carrier.speech.pcm import Pcm

LANGUAGES = {"zh": "zh", "cmn": "zh", "en": "en", "ja": "ja", "ko": "ko", "ru": "ru"}
"""Of a tag such as zh-CN, the part before the hyphen, and how the engines here call the language."""


PATIENCE = 20.0
"""Seconds that an engine may take for one text; then it is ended and started again."""


class CannotSpeak(Exception):
    """No engine could say it; the caller hears nothing of it, and the debugger's log says why."""


class Engine(Protocol):
    """Something that speaks. `name` tells one voice from another where sounds are kept."""

    @property
    def name(self) -> str: ...

    def say(self, text: str, language: str) -> Pcm:
        """The sound of `text` in `language` (zh, en, ja, ko, ru). Raises CannotSpeak. Blocks."""
        ...

    def close(self) -> None:
        """Nothing more will be said."""


class Program:
    """An engine in a process of its own, `python -m module`, one request at a time."""

    def __init__(self, module: str) -> None:
        self.name = module.rpartition(".")[2]
        self._command = [sys.executable, "-m", module]
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def say(self, text: str, language: str) -> Pcm:
        """Ask the program; one that has died meanwhile is started again, once."""
        request = json.dumps({"text": text, "language": language}).encode() + b"\n"
        with self._turn:
            for _ in range(2):
                try:
                    return self._ask(request)
                except (OSError, ValueError) as error:
                    self._stop()
                    trouble = error
        raise CannotSpeak(f"{self.name} gave no answer: {trouble}")

    def close(self) -> None:
        """End the program."""
        with self._turn:
            self._stop()

    def _ask(self, request: bytes) -> Pcm:
        program = self._started()
        to, told_by = program.stdin, program.stdout
        if to is None or told_by is None:
            raise OSError("it has no pipes")
        too_long = threading.Timer(PATIENCE, program.kill)
        too_long.start()
        try:
            to.write(request)
            to.flush()
            return self._answer(program, told_by)
        finally:
            too_long.cancel()

    def _answer(self, program: "subprocess.Popen[bytes]", told_by: IO[bytes]) -> Pcm:
        line = told_by.readline()
        if not line:
            raise OSError(f"it ended with exit code {program.wait()}")
        told = json.loads(line)
        if "error" in told:
            raise CannotSpeak(f"{self.name}: {told['error']}")
        sound = told_by.read(told["bytes"])
        if len(sound) != told["bytes"]:
            raise OSError("it ended in the middle of an answer")
        return Pcm(told["rate"], np.frombuffer(sound, np.int16))

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                self._command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            with suppress(BrokenPipeError), process:  # closes the pipes; a request may be left in one
                pass


def engines() -> dict[str, Engine]:
    """What speaks each language when nobody chose otherwise. espeak-ng reads a kanji as "Chinese letter", so
    Japanese goes another way."""
    espeak, japanese = Program("carrier.speech.espeak_voice"), Program("carrier.speech.japanese_voice")
    return {language: japanese if language == "ja" else espeak for language in ("zh", "en", "ja", "ko", "ru")}
