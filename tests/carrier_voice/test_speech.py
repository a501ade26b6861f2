"""Speech in five languages, from engines that come with the packages."""

import os
import signal
import sys
import time
import unicodedata
import wave
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from carrier.speech import program
from carrier.speech.engine import CannotSpeak
from carrier.speech.pcm import Pcm
from carrier.speech.program import Bundled
from carrier.speech.shelf import LOOK, Shelf
from carrier.speech.spoken import RATE, Speech
from carrier.speech.voices import engines
from ivr.length import seconds

TEXTS = {
    "zh": ("zh-CN", "您好，长春市市长公开电话。您现在排在第2位，请不要挂机。"),
    "en": ("en-US", "You are number 2 in line. Please hold the line."),
    "ja": ("ja-JP", "ただいま2番目にお待ちいただいております。そのままお待ちください。"),
    "ko": ("ko-KR", "현재 2번째로 대기 중이십니다. 잠시만 기다려 주십시오."),
    "ru": ("ru-RU", "Ваш номер в очереди: 2. Пожалуйста, оставайтесь на линии."),
}


@pytest.fixture(scope="module")
def voices():
    """The engines, started once."""
    found = engines()
    yield found
    for each in set(found.values()):
        each.close()


@pytest.mark.parametrize("language", TEXTS)
def test_each_language_is_spoken_and_takes_about_as_long_as_a_person_would(
    voices, language: str, tmp_path: Path
) -> None:
    """Japanese too: read as "Chinese letter", its kanji would take three times as long."""
    tag, text = TEXTS[language]
    spoken = Speech(voices, tmp_path).say(text, tag)
    assert spoken.rate == RATE
    assert seconds(text, language) * 0.6 < spoken.seconds < seconds(text, language) * 1.6


@pytest.mark.parametrize("language", TEXTS)
def test_every_language_is_equally_loud(voices, language: str, tmp_path: Path) -> None:
    tag, text = TEXTS[language]
    values = Speech(voices, tmp_path).say(text, tag).samples.astype(float)
    stretches = (values[: len(values) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1)
    active = np.sqrt(stretches[stretches > stretches.max() / 10_000].mean()) / 32768
    assert 0.06 < active < 0.14
    assert abs(values).max() < 32767


class Counting:
    """An engine that counts what it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.goes_on = Event()
        self.goes_on.set()

    def say(self, text: str, language: str) -> Pcm:
        self.goes_on.wait()
        self.asked.append(text)
        return Pcm(22050, (3000 * np.sin(np.arange(22050) / 10)).astype(np.int16))

    def close(self) -> None:
        """Nothing to end."""


def test_what_was_spoken_once_is_kept_by_text_and_language(tmp_path: Path) -> None:
    counting = Counting()
    speech = Speech({"en": counting, "zh": counting}, tmp_path)
    first = speech.say("Hello", "en-US")
    again = Speech({"en": counting, "zh": counting}, tmp_path).say("Hello", "en-GB")
    assert np.array_equal(first.samples, again.samples)
    speech.say("Hello", "zh-CN")
    assert counting.asked == ["Hello", "Hello"]


def test_a_kept_file_that_is_not_whole_is_spoken_again(tmp_path: Path) -> None:
    counting = Counting()
    speech = Speech({"en": counting}, tmp_path)
    speech.say("Hello", "en-US")
    speech.path("Hello", "en-US").write_bytes(b"RIFF")
    assert speech.say("Hello", "en-US").seconds == pytest.approx(1, abs=0.01)
    assert len(counting.asked) == 2


@pytest.mark.parametrize("lost", [1, 4000])
def test_a_kept_file_that_was_cut_short_is_spoken_again(tmp_path: Path, lost: int) -> None:
    counting = Counting()
    speech = Speech({"en": counting}, tmp_path)
    speech.say("Hello", "en-US")
    path = speech.path("Hello", "en-US")
    path.write_bytes(path.read_bytes()[:-lost])
    assert speech.say("Hello", "en-US").seconds == pytest.approx(1, abs=0.01)
    assert len(counting.asked) == 2


def test_what_several_callers_are_to_hear_at_once_is_spoken_once(tmp_path: Path) -> None:
    counting = Counting()
    speech = Speech({"en": counting}, tmp_path)
    counting.goes_on.clear()
    asked = [speech.soon("Hello", "en-US") for _ in range(20)]
    counting.goes_on.set()
    assert {each.result().seconds for each in asked} == {1}
    assert counting.asked == ["Hello"]


def test_an_engine_that_hangs_keeps_no_other_language_waiting(tmp_path: Path) -> None:
    hangs, speaks = Counting(), Counting()
    speech = Speech({"ja": hangs, "en": speaks}, tmp_path)
    hangs.goes_on.clear()
    waiting = [speech.soon(f"{number}番", "ja-JP") for number in range(40)]
    assert speech.soon("Hello", "en-US").result().seconds == 1
    assert not any(each.done() for each in waiting)
    hangs.goes_on.set()
    assert waiting[-1].result().seconds == 1


def test_of_somebodys_own_words_nothing_is_kept(tmp_path: Path) -> None:
    speech = Speech({"en": Counting()}, tmp_path)
    assert speech.soon("My name is Li", "en-US", keep=False).result().seconds == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", " \n ", "😀", "。，！", "\u200b"])
def test_a_text_with_nothing_in_it_to_say_is_told_and_not_kept(voices, tmp_path: Path, text: str) -> None:
    speech = Speech(voices, tmp_path)
    for tag in ("zh-CN", "ja-JP"):
        with pytest.raises(CannotSpeak, match="says nothing of"):
            speech.say(text, tag)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["\ud800 a", "\0a\x1b[31m", "<speak>a & b</speak>", "[[h@l'oU]] {x}"])
@pytest.mark.parametrize("tag", ["en-US", "ja-JP"])
def test_no_text_breaks_an_engine(voices, tmp_path: Path, text: str, tag: str) -> None:
    speech, language = Speech(voices, tmp_path), tag[:2]
    speech.say("1", tag)
    process = voices[language]._process
    with suppress(CannotSpeak):
        assert speech.say(text, tag).seconds > 0.1
    speech.say("2", tag)
    assert voices[language]._process is process


def test_a_text_that_is_too_long_for_an_engine_does_not_end_it(voices, tmp_path: Path) -> None:
    speech = Speech(voices, tmp_path)
    speech.say("1", "ja-JP")
    process = voices["ja"]._process
    with pytest.raises(CannotSpeak, match="too long"):
        speech.say("長春市公開電話" * 1500, "ja-JP")
    assert voices["ja"]._process is process


def test_a_korean_text_is_the_same_however_its_syllables_were_typed(tmp_path: Path) -> None:
    counting = Counting()
    speech = Speech({"ko": counting}, tmp_path)
    for form in ("NFD", "NFC"):
        speech.say(unicodedata.normalize(form, "통화가 녹음됩니다."), "ko-KR")
    assert counting.asked == ["통화가 녹음됩니다."]


def test_the_shelf_keeps_what_was_used_last(tmp_path: Path) -> None:
    sound = Pcm(8000, np.ones(4000, np.int16))
    shelf, week = Shelf(tmp_path, most=20 * 8044), time.time() - 7 * 86400
    for number in range(LOOK):
        shelf.put(f"{number}.wav", sound)
        os.utime(tmp_path / f"{number}.wav", (week + number, week + number))
    (tmp_path / "killed.tmp").write_bytes(b"half")
    os.utime(tmp_path / "killed.tmp", (week - 1, week - 1))
    assert shelf.find("0.wav") is not None
    shelf.put("new.wav", sound)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"0.wav", "new.wav", *(f"{number}.wav" for number in range(LOOK - 13, LOOK))}


def test_white_space_that_say_does_not_keep_makes_no_other_sound(tmp_path: Path) -> None:
    counting = Counting()
    speech = Speech({"en": counting}, tmp_path)
    assert speech.kept("Hold the line.", "en") is None
    speech.say(" Hold  the\nline. ", "en-US")
    assert speech.kept("Hold the line.", "en") is not None


def test_a_sound_that_several_write_at_once_is_whole(tmp_path: Path) -> None:
    """The carrier and `hotline prompts --render` may come to the same text at the same moment."""
    tone = Pcm(8000, np.arange(-4000, 4000, dtype=np.int16))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: tone.save(tmp_path / "tone.wav"), range(200)))
    assert [path.name for path in tmp_path.iterdir()] == ["tone.wav"]
    assert np.array_equal(Pcm.load(tmp_path / "tone.wav").samples, tone.samples)


def test_how_loud_something_is_where_it_sounds() -> None:
    tone = (3276.8 * np.sqrt(2) * np.sin(np.arange(8000) / 3)).astype(np.int16)
    assert Pcm(8000, tone).loudness == pytest.approx(-20, abs=0.1)
    assert Pcm(8000, np.pad(tone, 8000)).loudness == pytest.approx(-20, abs=0.2), "pauses don't count"
    assert Pcm(8000, np.zeros(8000, np.int16)).loudness is None
    assert Pcm(8000, tone // 16).levelled().loudness == pytest.approx(-20, abs=0.2)


def test_nobody_speaks_a_language_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotSpeak, match="fr-FR"):
        Speech({"en": Counting()}, tmp_path).say("Bonjour", "fr-FR")


def test_an_engine_that_was_killed_speaks_again() -> None:
    voice = Bundled("carrier.speech.espeak_voice")
    assert voice.say("Hello", "en").seconds > 0.2
    os.kill(voice._process.pid, signal.SIGKILL)
    voice._process.wait()
    assert voice.say("Hello", "en").seconds > 0.2
    voice.close()


def test_an_engine_that_hangs_is_ended_and_the_caller_is_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(program, "PATIENCE", 0.3)
    voice = Bundled("carrier.speech.espeak_voice")
    voice._command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with pytest.raises(CannotSpeak, match=r"took more than 0\.3 seconds"):
        voice.say("Hello", "en")


def test_an_engine_is_closed_in_the_middle_of_an_answer(tmp_path: Path) -> None:
    """A carrier that stops does not wait for it."""
    voice, began = Bundled("carrier.speech.espeak_voice"), tmp_path / "began"
    os.mkfifo(began)
    hangs = f"import time; open({str(began)!r}, 'w').close(); time.sleep(600)"
    voice._command = [sys.executable, "-c", hangs]
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(voice.say, "Hello", "en")
        began.read_text()  # until it hangs
        voice.close()
        with pytest.raises(CannotSpeak, match="has been closed"):
            asked.result()


def test_on_a_disk_that_keeps_nothing_it_is_said_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "speech").write_text("no folder")
    speech = Speech({"en": Counting()}, tmp_path / "speech")
    assert speech.say("Hello", "en-US", must_keep=False).seconds > 0.5
    with pytest.raises(OSError, match=r"exists|directory"):
        speech.say("Hello", "en-US")


def test_an_engine_is_not_told_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARRIER_AUTH_TOKEN", "nobody's business")
    voice = Bundled("carrier.speech.espeak_voice")
    voice.say("Hello", "en")
    told = Path(f"/proc/{voice._process.pid}/environ").read_bytes()
    voice.close()
    assert b"PATH=" in told
    assert b"nobody's business" not in told


def test_an_engine_that_cannot_start_is_an_error_in_one_line() -> None:
    with pytest.raises(CannotSpeak, match=r"gave no answer: .* exit code 1, .*No module .*no_such_voice"):
        Bundled("carrier.speech.no_such_voice").say("Hello", "en")


def test_an_engine_says_what_it_cannot_speak() -> None:
    voice = Bundled("carrier.speech.japanese_voice")
    with pytest.raises(CannotSpeak, match="only Japanese"):
        voice.say("Hello", "en")
    voice.close()


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
def test_another_rate_keeps_pitch_and_length(rate: int) -> None:
    tone = Pcm(22050, (9000 * np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)).astype(np.int16))
    there = tone.at(rate)
    assert there.seconds == pytest.approx(1, abs=0.001)
    power = np.abs(np.fft.rfft(there.samples.astype(float)))
    assert np.fft.rfftfreq(len(there.samples), 1 / rate)[power.argmax()] == pytest.approx(440, abs=2)


def test_what_a_lower_rate_cannot_carry_is_gone_and_not_folded_back() -> None:
    high = Pcm(22050, (9000 * np.sin(2 * np.pi * 6000 * np.arange(22050) / 22050)).astype(np.int16))
    assert abs(high.at(8000).samples[200:-200].astype(int)).max() < 300


def test_silence_stays_silence() -> None:
    silence = Pcm(8000, np.zeros(8000, np.int16))
    assert not silence.levelled().samples.any()
    assert Pcm(8000, np.zeros(0, np.int16)).levelled().at(16000).seconds == 0


def test_a_saved_sound_is_read_back_and_nothing_else_is(tmp_path: Path) -> None:
    tone = Pcm(8000, np.arange(-500, 500, dtype=np.int16))
    tone.save(tmp_path / "deep" / "tone.wav")
    assert np.array_equal(Pcm.load(tmp_path / "deep" / "tone.wav").samples, tone.samples)
    with wave.open(str(tmp_path / "stereo.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(8))
    with pytest.raises(wave.Error):
        Pcm.load(tmp_path / "stereo.wav")
