"""Who hears what: every fiftieth of a second each call gets its prompts, and the voices of those it talks
with, never its own."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from carrier.sounds import Spoken
from carrier.speech.pcm import Samples
from carrier.voice.line import SILENCE, Line
from carrier.voice.pipe import LinePipe
from carrier.voice.player import TICK
from carrier.voice.tape import Tape, sounds

if TYPE_CHECKING:
    from carrier.leg import Leg

BEHIND = 0.2
"""Seconds: a machine that lags further gives up what it has missed instead of hurrying after it."""
SILENT = 60.0
"""Seconds after a complaint in the log without another."""

log = logging.getLogger(__name__)


class Mixer:
    """Mixes the lines that are open; runs only while there are any."""

    def __init__(self) -> None:
        self._lines: dict[Leg, Line] = {}
        self._running: asyncio.Task[None] | None = None
        self.tapes: dict[str, Tape] = {}
        """What is being recorded, by the recording's SID."""
        self.pipes: set[LinePipe] = set()
        """The sounds that an app makes and takes itself."""
        self.underruns = self.faults = 0
        """Times that the machine was too slow, and that the mixer itself has failed: none, one hopes."""
        self._complained = float("-inf")

    def open(self, leg: "Leg", line: Line) -> None:
        """From now on the call sounds."""
        self._lines[leg] = line
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run())

    def shut(self, leg: "Leg") -> Line | None:
        """The call is over, or its sound is."""
        return self._lines.pop(leg, None)

    def line(self, leg: "Leg") -> Line | None:
        return self._lines.get(leg)

    @property
    def calls(self) -> int:
        """How many calls sound."""
        return len(self._lines)

    def mix(self) -> None:
        """One piece of everybody's sound."""
        sums = {leg: line.prompts() for leg, line in self._lines.items()}
        voices = {leg: line.voice() for leg, line in self._lines.items()}
        for leg, voice in voices.items():
            if voice is None:
                continue
            self._notice(leg, voice)
            for other in leg.audience.others(leg) if leg.audience else ():
                if other in sums:
                    sums[other] += voice
        for tape in self.tapes.values():
            tape.take(voices, sums)
        for pipe in list(self.pipes):
            pipe.pass_on(voices, sums)
        for leg, total in sums.items():
            self._lines[leg].send(np.clip(total, -32768, 32767).astype(np.int16) if total.any() else SILENCE)

    def _notice(self, leg: "Leg", voice: Samples) -> None:
        """Whoever listens to the call learns that somebody speaks."""
        if leg.ears is not None and sounds(voice):
            leg.ears.put(Spoken("", TICK))

    async def _run(self) -> None:
        due = time.monotonic()
        while self._lines:
            try:
                self.mix()
            except Exception:  # noqa: BLE001 - one call must not silence all the others
                self.faults += 1
                self._complain("the mixer has failed, and goes on", exc_info=True)
            due += TICK
            late = time.monotonic() - due
            if late > BEHIND:
                due += late
                self.underruns += 1
                self._complain(f"this machine is too slow: every call has missed {late:.1f} s of its sound")
            await asyncio.sleep(max(-late, 0))

    def _complain(self, what: str, *, exc_info: bool = False) -> None:
        if time.monotonic() - self._complained > SILENT:
            self._complained = time.monotonic()
            log.warning("%s", what, exc_info=exc_info)
