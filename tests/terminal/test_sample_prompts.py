"""All prompts of the sample menus, spoken in five languages by the voices that come with the hotline."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from calls.verbs import Say
from carrier.speech.pcm import Pcm
from carrier.speech.program import Bundled
from carrier.speech.spoken import speech_in
from ivr.length import seconds
from ivr.wordings import wordings
from switchboard.setup import load
from terminal.plan import carrier_data
from terminal.prompts import prompts

pytestmark = pytest.mark.timeout(600)  # all of it is spoken before the first test

SAMPLE = Path(__file__).parents[2] / "config"
LANGUAGES = ("zh", "en", "ja", "ko", "ru")
SHORTEST, LONGEST = 0.55, 1.35
"""Of the seconds that a person takes. A kanji that is read as "Chinese letter" makes twice to three times."""
SOFTEST, LOUDEST, PEAK = -25.0, -19.0, -2.5
"""Decibels below full scale; a voice with high peaks, as the Russian one, stays a little under the others."""
NUMBERS = [{"position": 1, "minutes": 2}, {"position": 2, "minutes": 1}, {"position": 21, "minutes": 105}]


@dataclass(frozen=True)
class Said:
    """Words, and what is heard of them."""

    words: str
    language: str
    sound: Pcm

    @property
    def slowness(self) -> float:
        """Of the time that a person takes."""
        return self.sound.seconds / seconds(self.words, self.language)

    @property
    def peak(self) -> float:
        return 20 * math.log10(np.abs(self.sound.samples.astype(int)).max() / 32768)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Said]]:
    """What `hotline prompts --render` leaves for the carrier, and what a call adds to it, by language."""
    var = tmp_path_factory.mktemp("var")
    ended = CliRunner().invoke(prompts, [str(SAMPLE), "--render"], env={"HOTLINE_VAR": str(var)})
    assert ended.exit_code == 0, ended.output
    speech = speech_in(carrier_data(var))
    said: dict[str, list[Said]] = {language: [] for language in LANGUAGES}
    for words, language in _ahead():
        sound = speech.kept(words, language)
        assert sound is not None, f"{words} was not spoken"
        said[language].append(Said(words, language, sound))
    for words, language in set(_with_numbers()):
        said[language].append(Said(words, language, speech.say(words, language)))
    speech.close()
    return said


def _ahead() -> Iterator[tuple[str, str]]:
    for wording in wordings(load(SAMPLE).menu):
        for words in wording.ahead():
            yield words, wording.language


def _with_numbers() -> Iterator[tuple[str, str]]:
    """Every text of texts.yml that has a number or a language in it, as callers and agents hear it."""
    texts = load(SAMPLE).menu.texts
    for name, prompt in texts.entries.items():
        for language, text in prompt.texts.items():
            for numbers in NUMBERS if text.placeholders else ():
                for verb in texts.say(name, language, ticket="26112300001", about="ko", **numbers):
                    assert isinstance(verb, Say)
                    yield verb.text, language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_takes_about_as_long_as_a_person_would(
    spoken: dict[str, list[Said]], language: str
) -> None:
    odd = [(said.words, said.slowness) for said in spoken[language] if not SHORTEST < said.slowness < LONGEST]
    assert not odd
    assert len(spoken[language]) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_heard_as_loud_as_any_other(spoken: dict[str, list[Said]], language: str) -> None:
    odd = [
        (said.words, said.sound.loudness, said.peak)
        for said in spoken[language]
        if said.sound.loudness is None or not SOFTEST < said.sound.loudness < LOUDEST or said.peak > PEAK
    ]
    assert not odd


def test_kanji_that_are_read_as_chinese_letters_would_be_noticed(spoken: dict[str, list[Said]]) -> None:
    """espeak-ng reads Japanese like that: each of the prompts would be too long."""
    voice = Bundled("carrier.speech.espeak_voice")
    for said in spoken["ja"]:
        assert Said(said.words, "ja", voice.say(said.words, "ja")).slowness > LONGEST
    voice.close()


def test_a_voice_that_is_not_levelled_would_be_noticed(spoken: dict[str, list[Said]]) -> None:
    voice = Bundled("carrier.speech.japanese_voice")
    raw = [Said(said.words, "ja", voice.say(said.words, "ja")) for said in spoken["ja"][:5]]
    voice.close()
    assert all(said.sound.loudness is not None and said.sound.loudness > LOUDEST for said in raw)
