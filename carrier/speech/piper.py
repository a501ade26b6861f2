"""Piper, a program of the operator's own that speaks with a model: NAME.onnx, and NAME.onnx.json beside it.

piper-tts is under the GNU General Public License 3; like the other engines it shares nothing with the carrier
but its pipes and the files that it is told to write.
"""

import hashlib
import os
import subprocess
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

from carrier.speech.pcm import Pcm
from carrier.speech.program import Process, Program, pipes, public


class Piper(Program):
    """The program `piper` with one model, which is loaded once. OSError where there is no such file."""

    def __init__(self, piper: str, model: Path) -> None:
        about = model.stat()
        mark = hashlib.sha256(f"{about.st_size} {about.st_mtime_ns}".encode()).hexdigest()[:8]
        super().__init__(f"piper {model.name} {mark}")  # another file of that name is another voice
        self._piper, self._model = piper, model

    def _start(self) -> Process:
        self._scratch = TemporaryDirectory(prefix="piper-")
        command = [self._piper, "--model", str(self._model), "--output_dir", self._scratch.name]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, env=public())

    def _answer(self, process: Process, text: str, language: str) -> Pcm:
        """It takes a text for each line, and says the name of each file that it has written."""
        ask, told_by = pipes(process)
        ask.write(" ".join(text.split()).encode() + b"\n")
        ask.flush()
        last = ""
        for line in told_by:
            last = line.decode(errors="replace").strip() or last
            written = last.rpartition("Wrote ")[2]
            if written.startswith(self._scratch.name + os.sep) and written.endswith(".wav"):
                return _taken(Path(written))
        raise OSError(f"it ended with exit code {process.wait()}, {last}")

    def _stop(self) -> None:
        if self._process is not None:
            super()._stop()
            self._scratch.cleanup()


def _taken(path: Path) -> Pcm:
    """The sound of a file that is not needed any more."""
    try:
        return Pcm.load(path)
    except (wave.Error, EOFError) as error:
        raise ValueError(f"it wrote no sound: {error}") from None
    finally:
        path.unlink()
