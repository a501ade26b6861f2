"""A real hotline and a real browser: Chromium with a microphone that hears what the test gives it."""

import shutil
import tempfile
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM
from tests.processes.city import City, write_config

RATE = 48000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The hotline that comes with the project, on free ports."""
    folder = tmp_path_factory.mktemp("city")
    write_config(folder, 2)
    city = City(folder, f"sqlite:///{folder}/hotline.db")
    city.start()
    yield city
    city.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[float], Browser]]:
    """Starts a browser whose microphone hears a tone of so many hertz."""
    opened = []
    with sync_playwright() as playwright:

        def start(hertz: float, *flags: str) -> Browser:
            sound = write_tone(hertz)
            flag = f"--use-file-for-fake-audio-capture={sound}"
            opened.append(playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, flag, *flags]))
            return opened[-1]

        folder = Path(tempfile.mkdtemp(prefix="tones-"))

        def write_tone(hertz: float) -> Path:
            path = folder / f"{hertz:.0f}.wav"
            at = np.arange(RATE * 4) / RATE
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes((12000 * np.sin(2 * np.pi * hertz * at)).astype("<i2").tobytes())
            return path

        yield start
        for browser in opened:
            browser.close()
        shutil.rmtree(folder)


def listens(page: Any) -> None:
    """Before the page loads: every connection's sound is analysed too, and kept."""
    page.add_init_script(
        """
        globalThis.analysers = [];
        const Peer = RTCPeerConnection;
        globalThis.RTCPeerConnection = class extends Peer {
          constructor(...how) {
            super(...how);
            this.addEventListener("track", ({ track }) => {
              const context = new AudioContext();
              const analyser = context.createAnalyser();
              analyser.fftSize = 8192;
              analyser.smoothingTimeConstant = 0;
              const source = context.createMediaStreamSource(new MediaStream([track]));
              source.connect(analyser);
              globalThis.analysers.push(analyser);
              const keeper = context.createScriptProcessor(4096, 1, 1);
              analyser.kept = [];
              keeper.onaudioprocess = ({ inputBuffer }) =>
                analyser.kept.push(Int16Array.from(inputBuffer.getChannelData(0), (one) => one * 32767));
              source.connect(keeper).connect(context.destination);
            });
          }
        };
        globalThis.hears = (hertz) => {
          const analyser = globalThis.analysers.at(-1);
          if (!analyser) return 0;
          const levels = new Float32Array(analyser.frequencyBinCount);
          analyser.getFloatFrequencyData(levels);
          const power = levels.map((decibels) => 10 ** (decibels / 10));
          const width = analyser.context.sampleRate / analyser.fftSize;
          let near = 0, all = 1e-9;
          power.forEach((one, bin) => {
            if (bin * width < 60) return;
            all += one;
            if (Math.abs(bin * width - hertz) <= 30) near += one;
          });
          return near / all;
        };
        globalThis.rate = () => globalThis.analysers.at(-1)?.context.sampleRate ?? 0;
        globalThis.heard = (seconds) => {
          const { kept, context } = globalThis.analysers.at(-1);
          const bytes = kept.slice(-Math.ceil((seconds * context.sampleRate) / 4096))
            .flatMap((piece) => [...new Uint8Array(piece.buffer)]);
          return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
        };
        globalThis.loudness = () => {
          const analyser = globalThis.analysers.at(-1);
          if (!analyser) return 0;
          const samples = new Float32Array(analyser.fftSize);
          analyser.getFloatTimeDomainData(samples);
          return Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
        };
        """
    )
