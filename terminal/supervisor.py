"""Keeps the parts of the hotline running: starts them, starts again what dies, stops them all together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

STEADY = 10.0  # seconds: a part that lived this long had started well
FIRST_WAIT, LONGEST_WAIT = 0.25, 8.0  # seconds before a part is started again, doubled each time
TRIES = 6  # deaths in a row, each before it was steady, until a hotline that never was well is given up
PATIENCE = 5.0  # seconds a part may take to stop before it is killed


class KeepsDying(Exception):
    """A part died again and again as soon as it was started, and the hotline never was well."""


@dataclass(frozen=True)
class Part:
    """One program: `arguments` follow `python -m`; `environ` is added to the supervisor's own, and the open
    files `handles` are handed on."""

    name: str
    arguments: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    handles: tuple[int, ...] = ()


class Child:
    """A part and the process that runs it, if one does."""

    def __init__(self, part: Part, say: Callable[[str, str], None]) -> None:
        self.part = part
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.due = 0.0
        self.deaths = 0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def start(self, now: float) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the parts in order.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "terminal.tied", str(os.getpid()), *self.part.arguments],
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.part.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=self.part.handles,
        )
        self.started = now
        self.repeating = threading.Thread(target=self._repeat, args=(self.process,), daemon=True)
        self.repeating.start()

    def _repeat(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout  # noqa: S101 - it was opened as a pipe just above
        with process.stdout as lines:
            for line in lines:
                self.say(self.part.name, line.decode(errors="replace").rstrip())

    def steady(self, now: float) -> bool:
        """Whether it has run for a while."""
        return self.process is not None and now - self.started >= STEADY

    def tend(self, now: float, forever: bool) -> bool:
        """Start it, or start it again, when that is due; True if a process was started.

        Raises KeepsDying where that is of no use, unless it is to be tried `forever`.
        """
        if self.process and self.process.poll() is not None:
            self._died(self.process, now, forever)
        if self.process is None and now >= self.due:
            self.start(now)
            return True
        return False

    def _died(self, process: subprocess.Popen[bytes], now: float, forever: bool) -> None:
        self.deaths = 1 if self.steady(now) else self.deaths + 1
        self.end()
        how = ending(process.returncode)
        if self.deaths >= TRIES:
            how += f", {self.deaths} times in a row within {STEADY:.0f} s of its start"
            if not forever:
                raise KeepsDying(f"{self.part.name} {how}")
        wait = LONGEST_WAIT if self.deaths >= TRIES else FIRST_WAIT * 2 ** (self.deaths - 1)
        self.due = now + wait
        self.say(self.part.name, f"{how}; it is started again in {wait:g} s")

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """Kill what is left of it, the processes that it started included."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.repeating.join(1)  # its last lines come before what is said of its end
            self.process = None


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended (exit code {code})"


class Supervisor:
    """Runs `parts` until told to stop. Once all have run well, none that keeps dying stops the others.

    `say(name, line)` gets every line they print, from several threads.

    `each(pids)` is called after every start, `beat()` about four times a second.
    """

    def __init__(
        self,
        parts: list[Part],
        say: Callable[[str, str], None],
        each: Callable[[dict[str, int]], None] = lambda pids: None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.children = [Child(part, say) for part in parts]
        self.each = each
        self.beat = beat
        self.stopping = threading.Event()
        self.was_well = False

    def run(self) -> None:
        """Ends when all has stopped after SIGINT, SIGTERM or SIGHUP; raises KeepsDying when it gives up."""
        before = {
            number: signal.signal(number, self._stop)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            while not self.stopping.is_set():
                started = self._tend(time.monotonic())
                if any(started):
                    self.each({child.part.name: child.pid for child in self.children if child.pid})
                self.beat()
                self.stopping.wait(0.25)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _tend(self, now: float) -> list[bool]:
        started = [child.tend(now, self.was_well) for child in self.children]
        self.was_well = self.was_well or all(child.steady(now) for child in self.children)
        return started

    def _stop(self, number: int, frame: object) -> None:
        self.stopping.set()

    def _stop_all(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and any(
            c.process and c.process.poll() is None for c in self.children
        ):
            time.sleep(0.05)
        for child in self.children:
            child.end()
