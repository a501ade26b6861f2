"""`hotline prompts` as an admin uses it."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import wave
from contextlib import suppress
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from carrier.speech.engine import CannotSpeak
from carrier.speech.pcm import Pcm
from carrier.speech.spoken import Speech
from settings.yaml import load
from switchboard.setup import load as load_setup
from terminal.prompt_list import PromptList
from terminal.prompt_pages import COLUMNS, show, table
from terminal.prompts import prompts

SAMPLE = Path(__file__).parents[2] / "config"
MAIN = Path("config/menus/main.yml")
TEXTS = Path("config/menus/texts.yml")


class Voice:
    """A voice that hums for as many tenths of a second as there are letters, but for the words in `mute`."""

    name = "humming"

    def __init__(self):
        self.said = []
        self.mute = ()

    def say(self, text, language):
        if any(words in text for words in self.mute):
            raise CannotSpeak("it has\nlost its voice")
        self.said.append((text, language))
        return hum(len(text) / 10)

    def close(self):
        pass


def hum(seconds, level=0.1):
    return Pcm(8000, (level * 46340 * np.sin(np.arange(int(8000 * seconds)) / 3)).astype(np.int16))


@pytest.fixture
def voice(tmp_path, monkeypatch):
    """A copy of the sample configuration, and the one voice that speaks all its languages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOTLINE_CONFIG", raising=False)
    monkeypatch.delenv("HOTLINE_VAR", raising=False)
    shutil.copytree(SAMPLE, "config")
    humming = Voice()
    monkeypatch.setattr(
        "carrier.speech.spoken.engines", lambda _: dict.fromkeys(("zh", "en", "ja", "ko", "ru"), humming)
    )
    return humming


def run(*arguments):
    result = CliRunner().invoke(prompts, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def rows(*arguments):
    code, said, complaints = run(*arguments)
    assert (code, complaints) == (0, "")
    return [line.split("\t") for line in said.splitlines()]


def replace(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def record(file, sound):
    sound.save(Path("config") / file)


def test_every_text_is_listed_with_its_place_language_voice_and_length(voice):
    listed = rows()
    line = load(MAIN).line("welcome", "say", "zh")
    assert listed[0] == [f"{MAIN}:{line}", "welcome.say", "zh", "voice", "~3.0", "您好，长春市市长公开电话。"]
    line = load(TEXTS).line("ticket", "en")
    assert [f"{TEXTS}:{line}", "ticket", "en", "voice"] in [row[:4] for row in listed]
    assert {row[2] for row in listed} == {"zh", "en", "ja", "ko", "ru"}
    texts = [row for row in listed if row[0].startswith(f"{TEXTS}:")]
    assert len(texts) == 5 * len(load(TEXTS).data)


def test_the_notice_that_talks_are_recorded_is_listed_and_spoken_ahead_but_lacks_no_recording(voice):
    home = Path("config/hotline.yml")
    line = load(home).line("recording", "notice", "zh")
    listed = rows("-l", "zh")[-1]
    words = "为办理您的诉求，本次通话将被录音。"
    assert listed == [f"{home}:{line}", "recording.notice", "zh", "voice", "~3.9", words]
    assert "recording.notice" not in {row[1] for row in rows("--missing")}
    run("--render", "-l", "zh")
    assert (words, "zh") in voice.said
    replace(home, "talks: true", "talks: false")
    assert "recording.notice" not in {row[1] for row in rows()}


def test_a_state_of_a_ticket_is_a_text_like_any_other(voice):
    assert "english-status.states.open" in {row[1] for row in rows("-l", "en")}


def test_only_one_language(voice):
    assert {row[2] for row in rows("--language", "ko")} == {"ko"}
    assert {row[2] for row in rows("-l", "ko", "-l", "ru")} == {"ko", "ru"}


def test_a_language_the_hotline_does_not_speak_is_refused(voice):
    assert run("-l", "jp") == (
        1,
        "",
        "the hotline has no language 'jp'\n    mend: use one of 'en', 'ja', 'ko', 'ru', 'zh'\n",
    )


def test_a_broken_configuration_is_told_as_the_check_tells_it(voice):
    replace(MAIN, "then: language", "then: langauge")
    code, said, told = run()
    assert (code, said) == (1, "")
    assert "mend: did you mean 'language'?" in told


def test_what_lacks_a_recording(voice):
    record("audio/zh/welcome.wav", hum(2))
    replace(MAIN, "say: {zh: 您好，长春市市长公开电话。}", "say: {zh: {file: audio/zh/welcome.wav}}")
    replace(
        TEXTS, "zh: 您的工单号是{ticket_spoken}。", "zh: [file: audio/zh/welcome.wav, '{ticket_spoken}。']"
    )
    names = {row[1] for row in rows("--missing", "-l", "zh")}
    assert "goodbye" in names
    assert "welcome.say" not in names
    assert "ticket" not in names, "nobody can record a number that is not known yet"
    assert "language-ko" not in names, "it is said within other texts"
    listed = {row[1]: row[3:5] for row in rows("-l", "zh")}
    assert listed["welcome.say"] == ["recording", "2.0"]
    assert listed["ticket"] == ["both", "~5.3"]
    assert listed["language-ko"][0] == "word"


def test_what_was_spoken_ahead_is_measured_and_kept_where_the_carrier_looks(voice):
    assert run("--render", "-l", "zh") == (0, f"{len(voice.said)} spoken, 0 there already\n", "")
    carrier = Speech({"zh": voice}, Path("var/carrier/speech"))
    before = len(voice.said)
    assert carrier.say("您好，长春市市长公开电话。", "zh-CN").seconds == pytest.approx(1.3, abs=0.01)
    assert len(voice.said) == before
    assert rows("-l", "zh")[0][4] == "1.3"


def test_what_is_there_already_is_not_spoken_again_and_the_same_words_only_once(voice):
    run("--render", "-l", "ru")
    assert len(set(voice.said)) == len(voice.said) > 30
    before = len(voice.said)
    assert run("--render", "-l", "ru")[1] == f"0 spoken, {before} there already\n"
    assert len(voice.said) == before


def test_a_number_that_is_not_known_yet_is_not_spoken_ahead(voice):
    run("--render")
    assert not [text for text, _ in voice.said if "{" in text]
    assert ("韩语", "zh") not in voice.said


def test_a_text_that_no_voice_can_speak_is_one_line_and_the_others_go_on(voice):
    voice.mute = ("Russ", "Спасибо за звонок")
    code, said, told = run("--render", "-l", "ru")
    assert code == 1
    line = load(MAIN).line("goodbye", "hang_up", "ru")
    assert told == f"{MAIN}:{line}: goodbye.hang_up in ru can't be spoken: it has lost its voice\n"
    assert said == f"{len(voice.said)} spoken, 0 there already, 1 failed\n"
    voice.mute = ()
    assert run("--render", "-l", "ru")[1] == f"1 spoken, {len(voice.said) - 1} there already\n"


def test_a_folder_that_cannot_be_written_is_said_once(voice):
    Path("var/carrier").mkdir(parents=True)
    Path("var/carrier/speech").write_text("not a folder")
    code, _, told = run("--render")
    assert code == 1
    assert told.startswith("sounds can't be kept in var/carrier/speech: ")
    assert len(told.splitlines()) == 2


def test_where_twilio_speaks_nothing_is_spoken_ahead(voice):
    replace(Path("config/hotline.yml"), "carrier: local", "carrier: twilio")
    replace(
        Path("config/hotline.yml"), "public_url: http://127.0.0.1:8000", "public_url: https://hotline.example"
    )
    code, _, told = run("--render")
    assert code == 1
    assert told.startswith("carrier: twilio speaks with voices of its own")
    assert run()[0] == 0


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda file: record(file, hum(1, 0.01)), "which is 20 dB softer than the voices"),
        (lambda file: record(file, hum(1, 0.5)), "which is 14 dB louder than the voices"),
        (lambda file: record(file, hum(1, 0)), "which is silent"),
        (lambda file: record(file, hum(1, 0.15)), ""),
    ],
)
def test_a_recording_unlike_the_voices_is_told_and_played(voice, make, told):
    make("audio/bye.wav")
    replace(MAIN, "zh: 感谢您的来电，再见。", "zh: {file: audio/bye.wav}")
    code, _, complaints = run("-l", "zh")
    assert code == 0
    line = load(MAIN).line("goodbye", "hang_up", "zh")
    wanted = f"{MAIN}:{line}: goodbye.hang_up in zh plays audio/bye.wav, {told}\n" if told else ""
    assert complaints == wanted


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVE"])
def test_a_recording_that_cannot_be_played_is_an_error_with_its_line(voice, content):
    Path("config/audio").mkdir()
    Path("config/audio/bye.wav").write_bytes(content)
    replace(MAIN, "zh: 感谢您的来电，再见。", "zh: {file: audio/bye.wav}")
    code, said, complaints = run("-l", "zh")
    assert code == 1
    assert "goodbye.hang_up in zh plays audio/bye.wav, which can't be played: " in complaints
    assert len(complaints.splitlines()) == 1
    assert "\trecording\t?\t♪ audio/bye.wav" in said


def test_a_recording_in_stereo_at_another_rate_is_measured(voice):
    Path("config/audio").mkdir()
    with wave.open("config/audio/bye.wav", "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        tone = (4634 * np.sin(np.arange(44100 * 3) / 20)).astype("<i2")
        file.writeframes(np.repeat(tone, 2).tobytes())
    replace(MAIN, "zh: 感谢您的来电，再见。", "zh: {file: audio/bye.wav}")
    assert ["recording", "3.0", "♪ audio/bye.wav"] in [row[3:] for row in rows("-l", "zh")]


def test_a_recording_elsewhere_is_not_fetched(voice):
    replace(MAIN, "zh: 感谢您的来电，再见。", "zh: {file: 'https://sounds.example/bye.wav'}")
    assert ["recording", "?", "♪ https://sounds.example/bye.wav"] in [row[3:] for row in rows("-l", "zh")]


def test_json_has_everything_a_program_wants_to_know(voice):
    code, said, _ = run("--json", "-l", "zh")
    assert code == 0
    assert json.loads(said)[0] == {
        "file": str(MAIN),
        "line": load(MAIN).line("welcome", "say", "zh"),
        "node": "welcome",
        "text": "say",
        "language": "zh",
        "words": "您好，长春市市长公开电话。",
        "by": "voice",
        "voice": "humming",
        "lacks_recording": True,
        "recordings": [],
        "seconds": 3.0,
        "measured": False,
    }


def test_on_a_terminal_it_is_said_who_speaks_which_language(voice, monkeypatch):
    other = Voice()
    other.name = "piper ru.onnx"
    voices = {**dict.fromkeys(("zh", "en", "ja", "ko"), voice), "ru": other}
    out = StringIO()
    monkeypatch.setattr(
        "terminal.prompt_pages.Console", lambda **_: Console(file=out, force_terminal=True, width=80)
    )
    show(list(PromptList(load_setup(Path("config")), Speech(voices, Path("var")))))
    assert "humming: zh, en, ja, ko" in out.getvalue()
    assert "piper ru.onnx: ru" in out.getvalue()


def test_json_of_what_was_spoken_ahead(voice):
    voice.mute = ("再见",)
    code, said, _ = run("--render", "--json", "-l", "zh")
    told = json.loads(said)
    assert code == 1
    assert (told["rendered"], told["there"], len(told["failed"])) == (len(voice.said), 0, 1)


@pytest.mark.parametrize("width", [12, 20, 35, 45, 60, 80, 120])
def test_a_narrow_terminal_has_fewer_columns_and_no_line_is_longer(voice, width):
    listed = list(PromptList(load_setup(Path("config")), Speech({}, Path("var")), ("zh", "ja")))
    out = StringIO()
    Console(file=out, width=width).print(table(listed, width))
    shown = out.getvalue().splitlines()
    assert all(cell_len(line.rstrip()) <= width for line in shown)
    assert ("words" in shown[0]) == (width >= COLUMNS["words"][0])


def started(*arguments, **more):
    """The command as a process of its own, with the real voices."""
    command = [sys.executable, "-m", "app", "prompts", *arguments]
    return subprocess.Popen(command, cwd=SAMPLE.parent, start_new_session=True, **more)


def steps(shown):
    """How often the progress was drawn, as 3/211."""
    return len(re.findall(rb"\d/\d+", shown))


def test_ctrl_c_ends_it_in_a_line_and_the_sounds_that_are_there_are_whole(tmp_path):
    ours, its = pty.openpty()
    environ = {**os.environ, "HOTLINE_VAR": str(tmp_path), "TERM": "xterm", "COLUMNS": "50"}
    rendering, shown = started("--render", env=environ, stdout=its, stderr=its), b""
    os.close(its)
    with suppress(OSError):  # the terminal is gone when the program is
        while piece := os.read(ours, 4096):
            if not steps(shown) > 5 and steps(shown + piece) > 5:
                os.killpg(rendering.pid, signal.SIGINT)  # as the terminal does
            shown += piece
    os.close(ours)
    assert rendering.wait() == 1
    assert b"Aborted!" in shown
    assert b"Traceback" not in shown
    assert shown.rindex(b"\x1b[?25h") > shown.rindex(b"\x1b[?25l"), "the cursor is back"
    sounds = list((tmp_path / "carrier" / "speech").iterdir())
    total = int(re.findall(rb"/(\d+)", shown)[0])
    assert 0 < len(sounds) < total
    assert all(Pcm.load(sound).seconds > 0.3 for sound in sounds)


def test_a_pipe_that_is_closed_early_is_no_error():
    """`hotline prompts | head -1`"""
    with started(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listing:
        assert listing.stdout.readline().startswith("config/menus/main.yml:")
        listing.stdout.close()
        assert listing.stderr.read() == ""
