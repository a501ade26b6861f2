"""What the manual says, done: its application, its telephone and its client, each a program of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from carrier.manual import APP, CLIENT, TELEPHONE

pytestmark = pytest.mark.processes
ROOT = Path(__file__).parent.parent.parent
ACCOUNT = {"CARRIER_ACCOUNT_SID": "AC" + "0" * 32, "CARRIER_AUTH_TOKEN": "a-secret"}
PORTS = ("127.0.0.1:8000", "127.0.0.1:8001")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Desk:
    """A developer's terminals, with the two ports of the manual changed to free ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app, self.carrier = (f"127.0.0.1:{free_port()}" for _ in PORTS)
        self.environ = os.environ | ACCOUNT | {"PYTHONPATH": str(ROOT)}

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", *words]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.folder, env=self.environ, stdout=quiet, stderr=quiet)

    def run(self, program: str) -> str:
        for told, here in zip(PORTS, (self.app, self.carrier), strict=True):
            program = program.replace(told, here)
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def until_it_answers(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(url, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    (tmp_path / "app.py").write_text(APP)
    app = desk.start("flask", "run", "--port", desk.app.rpartition(":")[2])
    number = f"+8643112345=http://{desk.app}/voice"
    carrier = desk.start("carrier", "--port", desk.carrier.rpartition(":")[2], "--number", number)
    try:
        until_it_answers(f"http://{desk.app}/")
        until_it_answers(f"http://{desk.carrier}/health")
        yield desk
    finally:
        for process in (carrier, app):
            process.terminate()
            process.wait(20)


def test_a_stranger_does_what_the_manual_says(desk):
    assert desk.run(TELEPHONE) == "Welcome. Press a key.\nYou pressed 5. Goodbye.\n"
    placed = desk.run(CLIENT)
    assert placed.startswith("CA")
    assert "'+8643112345'" in placed
    page = requests.get(f"http://{desk.carrier}/", timeout=20)
    assert "Requests and alerts" in page.text


def test_the_page_about_the_carrier_has_the_same_examples():
    page = (ROOT / "docs" / "carrier.md").read_text()
    for example in (APP, TELEPHONE, CLIENT):
        assert f"```python\n{example}```" in page
