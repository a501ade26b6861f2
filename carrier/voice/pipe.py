"""The sound of a call in the browser, for an app that makes and takes it itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from carrier.media.pipe import Take
from carrier.speech import mulaw
from carrier.speech.pcm import Samples
from carrier.voice.line import SILENCE, Line

if TYPE_CHECKING:
    from carrier.leg import Leg
    from carrier.voice.mixer import Mixer


class LinePipe:
    """Opened on a line in the mixer; closed, it hears and says nothing more."""

    def __init__(self, mixer: "Mixer", leg: "Leg", line: Line, take: Take) -> None:
        self._mixer, self._leg, self._line, self._take = mixer, leg, line, take
        self._player = line.player()
        mixer.pipes.add(self)

    @property
    def queued(self) -> int:
        return self._player.queued

    @property
    def played(self) -> int:
        return self._player.played

    def play(self, sound: bytes) -> None:
        self._player.play(mulaw.decoded(sound))

    def clear(self) -> None:
        self._player.stop()

    def close(self) -> None:
        if self in self._mixer.pipes:
            self._mixer.pipes.remove(self)
            self._line.drop(self._player)

    def pass_on(
        self, voices: Mapping["Leg", Samples | None], heard: Mapping["Leg", NDArray[np.int32]]
    ) -> None:
        """One piece of everybody's sound."""
        said, sums = voices.get(self._leg), heard.get(self._leg, SILENCE)
        hears = np.clip(sums, -32768, 32767).astype(np.int16)
        self._take(mulaw.encoded(SILENCE if said is None else said), mulaw.encoded(hears))
