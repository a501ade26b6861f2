"""Piper speaks where a model of the operator's is there; here a small program that behaves like it."""

import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from carrier.speech.engine import CannotSpeak
from carrier.speech.pcm import Pcm
from carrier.speech.spoken import Speech, speech_in
from carrier.speech.voices import engines

PIPER = f"""#!{sys.executable}
# As piper-tts does: a text a line, a file each, and its name on the standard error; a tone for each letter.
import argparse, math, pathlib, struct, sys, time, wave
parser = argparse.ArgumentParser()
parser.add_argument("--model", type=pathlib.Path)
parser.add_argument("--output_dir", type=pathlib.Path)
asked = parser.parse_args()
if asked.model.read_bytes() == b"broken":
    sys.exit("InvalidProtobuf: Load model from " + str(asked.model) + " failed: Protobuf parsing failed.")
print("INFO:piper.voice:Loading voice", file=sys.stderr, flush=True)
for line in sys.stdin:
    if "xyzzy" in line:
        sys.exit("wave.Error: # channels not specified")
    path = asked.output_dir / (str(time.monotonic_ns()) + ".wav")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1), out.setsampwidth(2), out.setframerate(22050)
        tone = [int(9000 * math.sin(at / 5)) for at in range(2205 * len(line.strip()))]
        out.writeframes(struct.pack("<%dh" % len(tone), *tone))
    print("INFO:__main__:Wrote " + str(path), file=sys.stderr, flush=True)
"""


class Usual:
    """What speaks where Piper does not: nine seconds for anything."""

    name = "usual"

    def say(self, text: str, language: str) -> Pcm:
        return Pcm(8000, (3000 * np.sin(np.arange(72000) / 3)).astype(np.int16))

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> Path:
    """The carrier's data; Piper is in the PATH, and the voices that come with the carrier are replaced."""
    piper = tmp_path / "bin" / "piper"
    piper.parent.mkdir()
    piper.write_text(PIPER)
    piper.chmod(0o755)
    monkeypatch.setenv("PATH", str(piper.parent), prepend=":")
    monkeypatch.setattr("carrier.speech.voices.Bundled", lambda _: Usual())
    (tmp_path / "voices").mkdir()
    caplog.set_level(logging.WARNING)
    return tmp_path


def model(folder: Path, name: str, content: bytes = b"a model") -> Path:
    path = folder / "voices" / name
    path.write_bytes(content)
    path.with_name(f"{name}.json").write_text("{}")
    return path


@pytest.fixture
def speech(folder: Path, request: Any) -> Any:
    """The voices, once the models are there."""
    opened: list[Speech] = []

    def start() -> Speech:
        opened.append(speech_in(folder))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_a_language_with_a_model_is_spoken_by_piper_and_the_others_as_before(
    folder: Path, speech: Any, caplog: Any
) -> None:
    model(folder, "ru_RU-irina-medium.onnx")
    model(folder, "en.onnx")
    voices = speech()
    assert voices.say("Привет", "ru-RU").seconds == pytest.approx(0.6, abs=0.01)
    assert voices.say("Hello", "en-US").seconds == pytest.approx(0.5, abs=0.01)
    assert voices.say("您好", "zh-CN").seconds == 9
    assert caplog.messages == []


def test_the_model_is_loaded_once_and_its_program_ends_with_the_carrier(folder: Path, speech: Any) -> None:
    model(folder, "en.onnx")
    voices = speech()
    voices.say("one", "en")
    piper = voices.engines["en"]._first
    process, scratch = piper._process, Path(piper._scratch.name)
    voices.say("two", "en")
    assert piper._process is process
    assert list(scratch.iterdir()) == []
    voices.close()
    assert process.returncode is not None
    assert not scratch.exists()


def test_another_model_of_the_same_name_is_another_voice(folder: Path, speech: Any) -> None:
    path = model(folder, "en.onnx")
    first = speech().path("Hello", "en")
    assert speech().path("Hello", "en") == first
    path.write_bytes(b"a better model")
    assert speech().path("Hello", "en") != first


def test_a_model_that_cannot_be_loaded_is_named_once_and_the_usual_voice_speaks(
    folder: Path, speech: Any, caplog: Any
) -> None:
    path = model(folder, "en.onnx", b"broken")
    voices = speech()
    assert voices.say("Hello", "en").seconds == 9
    [told] = caplog.messages
    assert f"Load model from {path} failed: Protobuf parsing failed." in told
    assert "usual speaks instead until the next start" in told
    assert "take its file away" in told
    assert voices.say("Good-bye", "en").seconds == 9
    assert len(caplog.messages) == 1
    assert voices.kept("Hello", "en") is not None
    path.write_bytes(b"mended")
    assert speech().say("Hello", "en").seconds == pytest.approx(0.5, abs=0.01), "not the usual voice's sound"


def test_a_text_that_only_piper_cannot_say_is_said_by_the_usual_voice(
    folder: Path, speech: Any, caplog: Any
) -> None:
    model(folder, "en.onnx")
    voices = speech()
    voices.say("Hello", "en")
    assert voices.say("xyzzy", "en").seconds == 9
    assert "# channels not specified; usual says it instead" in caplog.text
    assert voices.say("Good", "en").seconds == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("fr_FR-siwis-low.onnx", "its name begins with no language that is spoken here"),
        ("en_GB-alan.onnx", "en.onnx speaks en already; leave one of them in the folder"),
        ("ja.onnx", "its description is missing; put ja.onnx.json beside it"),
    ],
)
def test_a_model_that_is_not_used_is_named_with_the_mend(
    folder: Path, caplog: Any, name: str, told: str
) -> None:
    model(folder, "en.onnx")
    path = model(folder, name)
    if name == "ja.onnx":
        path.with_name("ja.onnx.json").unlink()
    assert [language for language, each in engines(folder / "voices").items() if each.name != "usual"] == [
        "en"
    ]
    assert caplog.messages == [f"{path} is not used: {told}"] or told in caplog.text


def test_without_piper_the_models_are_named_and_the_usual_voices_speak(
    folder: Path, speech: Any, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    path = model(folder, "en.onnx")
    assert speech().say("Hello", "en").seconds == 9
    assert caplog.messages == [
        f"{path} is not used: there is no program piper; install piper-tts, or have piper in the PATH"
    ]


def test_what_neither_can_say_is_an_error(folder: Path, speech: Any) -> None:
    model(folder, "en.onnx")
    with pytest.raises(CannotSpeak, match="says nothing of"):
        speech().say("", "en")
