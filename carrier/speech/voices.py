"""Who speaks which language."""

from carrier.speech.engine import Engine
from carrier.speech.program import Bundled


def engines() -> dict[str, Engine]:
    """What speaks each language when nobody chose otherwise. espeak-ng reads a kanji as "Chinese letter", so
    Japanese goes another way."""
    espeak, japanese = Bundled("carrier.speech.espeak_voice"), Bundled("carrier.speech.japanese_voice")
    return {**dict.fromkeys(("zh", "en", "ja", "ko", "ru"), espeak), "ja": japanese}
