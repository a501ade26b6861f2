"""A program that says how the voices read a text, in their own signs: requests and answers are lines of JSON.

It loads espeak-ng, so it is a program of its own as `carrier.speech.espeak_voice` is.
"""

import ctypes
import json
import sys
from contextlib import redirect_stdout

import espeakng_loader

with redirect_stdout(sys.stderr):
    import pyopenjtalk

from carrier.speech.espeak_voice import SYNCHRONOUS, UTF8, VOICES

IPA = 2


def main() -> None:
    """Answer until the input ends."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(SYNCHRONOUS, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    for line in sys.stdin:
        language, text = json.loads(line)
        heard = pyopenjtalk.g2p(text, kana=True) if language == "ja" else _espeak(library, language, text)
        print(json.dumps(heard), flush=True)


def _espeak(library: ctypes.CDLL, language: str, text: str) -> str:
    library.espeak_SetVoiceByName(VOICES[language].encode())
    rest, heard = ctypes.c_char_p(text.encode()), []
    while rest.value:
        heard.append(library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA) or b"")
    return " | ".join(piece.decode() for piece in heard if piece)


if __name__ == "__main__":
    main()
