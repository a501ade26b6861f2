"""Who speaks which language: Piper where a model of the operator's is there, else what the packages carry."""

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from carrier.speech.engine import LANGUAGES, CannotSpeak, Engine
from carrier.speech.pcm import Pcm
from carrier.speech.piper import Piper
from carrier.speech.program import Bundled

log = logging.getLogger(__name__)


class Preferred:
    """Speaks with `first`; what it can't say, and everything once it has failed at its first text, with
    `otherwise`."""

    def __init__(self, first: Engine, otherwise: Engine) -> None:
        self._first, self._otherwise = first, otherwise
        self._works: bool | None = None

    @property
    def name(self) -> str:
        return (self._otherwise if self._works is False else self._first).name

    def say(self, text: str, language: str) -> Pcm:
        if self._works is not False:
            try:
                sound = self._first.say(text, language)
            except CannotSpeak as why:
                self._give_way(str(why))
            else:
                self._works = True
                return sound
        return self._otherwise.say(text, language)

    def close(self) -> None:
        self._first.close()
        self._otherwise.close()

    def _give_way(self, why: str) -> None:
        if self._works:
            log.warning("%s; %s says it instead", why, self._otherwise.name)
            return
        self._works = False
        log.warning(
            "%s; %s speaks instead until the next start. Try the model with the program piper itself, and"
            " mend it or take its file away",
            why,
            self._otherwise.name,
        )


def engines(folder: Path | None = None) -> dict[str, Engine]:
    """What speaks each language. Which of the models in `folder`, such as ru_RU-irina-medium.onnx, can't be
    used is said in the log. espeak-ng reads a kanji as "Chinese letter", so Japanese goes another way."""
    espeak, japanese = Bundled("carrier.speech.espeak_voice"), Bundled("carrier.speech.japanese_voice")
    usual: dict[str, Engine] = {**dict.fromkeys(("zh", "en", "ja", "ko", "ru"), espeak), "ja": japanese}
    found = dict(_found(folder)) if folder else {}
    return {
        language: Preferred(found[language], engine) if language in found else engine
        for language, engine in usual.items()
    }


def _found(folder: Path) -> Iterator[tuple[str, Engine]]:
    """The models that can be used, by language."""
    taken: dict[str, str] = {}
    for model in sorted(folder.glob("*.onnx")):
        language, piper = LANGUAGES.get(re.split("[_.-]", model.name)[0].lower(), ""), _piper()
        if not language:
            _unused(
                model, "its name begins with no language that is spoken here", "let it begin with zh or en"
            )
        elif language in taken:
            _unused(model, f"{taken[language]} speaks {language} already", "leave one of them in the folder")
        elif not model.with_name(f"{model.name}.json").is_file():
            _unused(model, "its description is missing", f"put {model.name}.json beside it")
        elif piper is None:
            _unused(model, "there is no program piper", "install piper-tts, or have piper in the PATH")
        else:
            taken[language] = model.name
            yield language, Piper(piper, model)


def _unused(model: Path, why: str, mend: str) -> None:
    log.warning("%s is not used: %s; %s", model, why, mend)


def _piper() -> str | None:
    """The program, in the PATH or beside this Python."""
    beside = str(Path(sys.executable).parent)
    return shutil.which("piper", path=os.pathsep.join((os.environ.get("PATH", os.defpath), beside)))
