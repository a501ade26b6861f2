"""A program that speaks Japanese with Open JTalk, which knows how kanji are read; as `espeak_voice` does.

Requests and answers have the same form.
"""

import json
import sys
from contextlib import redirect_stdout
from typing import Any

import numpy as np

with redirect_stdout(sys.stderr):  # it prints a warning, where answers go
    import pyopenjtalk


def say(text: str) -> tuple[int, bytes]:
    """Samples a second, and the samples."""
    wave, rate = pyopenjtalk.tts(text)
    return int(rate), np.clip(wave, -32768, 32767).astype(np.int16).tobytes()


def main() -> None:
    """Answer requests until the input ends."""
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        told: dict[str, Any] = {"error": "only Japanese is spoken here"}
        sound = b""
        if asked.get("language") == "ja":
            try:
                rate, sound = say(str(asked.get("text", "")))
                told = {"rate": rate, "bytes": len(sound)}
            except (RuntimeError, ValueError) as error:  # too long for it, or no text at all
                told = {"error": str(error)}
        out.write(json.dumps(told).encode() + b"\n" + sound)
        out.flush()


if __name__ == "__main__":
    main()
