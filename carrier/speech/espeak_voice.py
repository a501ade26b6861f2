"""A program that speaks with espeak-ng: requests on its standard input, sound on its standard output.

espeak-ng is under the GNU General Public License 3, so this runs as a program of its own and shares nothing
with the carrier but these two pipes. A request is a line of JSON, {"text": "...", "language": "zh"}; the
answer is a line of JSON, {"rate": 22050, "bytes": 1234} or {"error": "..."}, and so many bytes of 16 bit
mono samples in the machine's own order.
"""

import ctypes
import json
import sys
from typing import Any

import espeakng_loader

VOICES = {"zh": "cmn", "en": "en-us", "ja": "ja", "ko": "ko", "ru": "ru"}
WORDS_A_MINUTE = {"zh": 170, "en": 150, "ja": 160, "ko": 160, "ru": 150}
SYNCHRONOUS, UTF8, RATE_PARAMETER = 2, 1, 1
ON_SAMPLES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """espeak-ng, loaded from the library and the data that come with the package."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate: int = self._library.espeak_Initialize(SYNCHRONOUS, 0, data, 0)
        if self.rate <= 0:
            raise RuntimeError("espeak-ng could not be started")
        self._spoken = bytearray()
        self._on_samples = ON_SAMPLES(self._take)  # kept, or it would be collected while in use
        self._library.espeak_SetSynthCallback(self._on_samples)

    def say(self, text: str, language: str) -> bytes:
        """The samples of `text`."""
        self._spoken.clear()
        if self._library.espeak_SetVoiceByName(VOICES[language].encode()) != 0:
            raise ValueError(f"espeak-ng has no voice for {language}")
        self._library.espeak_SetParameter(RATE_PARAMETER, WORDS_A_MINUTE[language], 0)
        raw = text.replace("\0", " ").encode()
        self._library.espeak_Synth(raw, len(raw) + 1, 0, 0, 0, UTF8, None, None)
        return bytes(self._spoken)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            self._spoken += ctypes.string_at(samples, count * 2)
        return 0


def main() -> None:
    """Answer requests until the input ends."""
    voice = Espeak()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            sound = voice.say(asked["text"], asked["language"])
        except (KeyError, ValueError) as error:
            _answer({"error": str(error)})
        else:
            _answer({"rate": voice.rate, "bytes": len(sound)}, sound)


def _answer(told: dict[str, Any], sound: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + sound)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
