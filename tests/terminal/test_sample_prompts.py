"""All prompts of the sample menus, spoken in five languages by the voices that come with the hotline."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from carrier.speech.program import Bundled
from carrier.speech.spoken import speech_in
from ivr.length import seconds
from ivr.wordings import wordings
from switchboard.setup import load
from terminal.plan import carrier_data
from terminal.prompts import prompts

SAMPLE = Path(__file__).parents[2] / "config"
SHORTEST, LONGEST = 0.55, 1.35
"""Of the seconds that a person takes. A kanji that is read as "Chinese letter" makes twice to three times."""

Said = tuple[str, float, float]  # the words, the seconds they take, the seconds a person takes


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Said]]:
    """What `hotline prompts --render` leaves for the carrier, by language."""
    var = tmp_path_factory.mktemp("var")
    ended = CliRunner().invoke(prompts, [str(SAMPLE), "--render"], env={"HOTLINE_VAR": str(var)})
    assert ended.exit_code == 0, ended.output
    speech, said = speech_in(carrier_data(var)), {}
    for wording in wordings(load(SAMPLE).menu):
        for words in wording.ahead():
            sound = speech.kept(words, wording.language)
            assert sound is not None, f"{words} was not spoken"
            length = seconds(words, wording.language)
            said.setdefault(wording.language, []).append((words, sound.seconds, length))
    return said


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko", "ru"])
def test_every_prompt_takes_about_as_long_as_a_person_would(
    spoken: dict[str, list[Said]], language: str
) -> None:
    odd = [said for said in spoken[language] if not SHORTEST < said[1] / said[2] < LONGEST]
    assert not odd
    assert len(spoken[language]) > 20


def test_kanji_that_are_read_as_chinese_letters_would_be_noticed(spoken: dict[str, list[Said]]) -> None:
    """espeak-ng reads Japanese like that: each of the prompts would be too long."""
    voice = Bundled("carrier.speech.espeak_voice")
    for words, _, person in spoken["ja"]:
        assert voice.say(words, "ja").seconds / person > LONGEST
    voice.close()
