"""`hotline run` for real: its processes, its ports, its end; and a call to it from another terminal."""

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time
import urllib.request
from pathlib import Path

import pytest

from terminal.supervisor import PATIENCE
from terminal.watch import answers

ROOT = Path(__file__).parents[2]
HOTLINE = [sys.executable, "-m", "app"]
pytestmark = pytest.mark.processes


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Running:
    """A hotline of its own in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("calls"))
        self.web, self.carrier = free_port(), free_port()
        self.environ = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("HOTLINE_", "TWILIO_"))
            },
            "PYTHONPATH": str(ROOT),
            "HOTLINE_WEB_PORT": str(self.web),
            "HOTLINE_CARRIER_PORT": str(self.carrier),
        }
        self.log = folder / "log"
        self.process = None

    def start(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*HOTLINE, "run"], cwd=self.folder, env=self.environ, stdout=log, stderr=subprocess.STDOUT
            )
        self.says("Ctrl-C stops it.")
        return self

    def says(self, text, times=1):
        """Wait until the hotline has printed this so often."""
        for _ in range(900):
            if self.log.read_text().count(text) >= times:
                return
            assert self.process.poll() is None, f"it ended: {self.log.read_text()}"
            time.sleep(0.1)
        pytest.fail(f"it never said {text!r}: {self.log.read_text()}")

    def pids(self):
        return json.loads((self.folder / "var" / "run.json").read_text())["parts"]

    def everybody(self):
        """The process ids of the parts and of all that they started."""
        found = set(self.pids().values())
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) in found and fields[0] != "Z":
                found.add(int(stat.parent.name))
        return found

    def hotline(self, *arguments, keys=""):
        return subprocess.run(
            [*HOTLINE, *arguments],
            cwd=self.folder,
            env=self.environ,
            input=keys,
            capture_output=True,
            text=True,
        )

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait()


def eventually(true):
    for _ in range(300):
        if true():
            return True
        time.sleep(0.1)
    return False


def gone(pids):
    return eventually(lambda: not any(alive(pid) for pid in pids))


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def hotline(tmp_path_factory):
    """A hotline that runs for all tests that don't end it."""
    running = Running(tmp_path_factory.mktemp("hotline")).start()
    yield running
    running.stop()


@pytest.fixture
def own(tmp_path):
    """A hotline that a test may end; it is not started yet."""
    running = Running(tmp_path)
    yield running
    if running.process and running.process.poll() is None:
        running.stop()


def test_it_says_where_everything_is_and_how_to_call(hotline):
    said = hotline.log.read_text()
    assert f"web      http://127.0.0.1:{hotline.web}" in said
    assert f"carrier  http://127.0.0.1:{hotline.carrier}" in said
    assert "+8643112345" in said
    assert re.search(r"call .*4 for Korean", said)


def test_a_second_one_on_the_folder_is_refused_in_one_line(hotline):
    second = hotline.hotline("run")
    assert second.returncode == 1
    said, mend = second.stderr.splitlines()
    assert f"a hotline already runs on var (process {hotline.process.pid}" in said
    assert f"kill {hotline.process.pid}" in mend


def test_a_taken_port_is_named_with_its_holder(hotline, own):
    own.environ["HOTLINE_WEB_PORT"] = str(hotline.web)
    refused = own.hotline("run")
    assert refused.returncode == 1
    said, mend = refused.stderr.splitlines()
    assert f"port {hotline.web}, where web is to listen, is taken by" in said
    assert "--web-port" in mend


def test_a_host_that_is_wrong_is_called_so(own):
    refused = own.hotline("run", "--host", "192.0.2.1")
    assert refused.returncode == 1
    said, mend = refused.stderr.splitlines()
    assert said.startswith(f"cannot listen on 192.0.2.1 port {own.carrier}: ")
    assert "--host" in mend


@pytest.mark.parametrize("workers", ["0", "-1"])
def test_a_hotline_without_web_processes_is_none(own, workers):
    refused = own.hotline("run", "--workers", workers)
    assert refused.returncode == 2
    assert "--workers" in refused.stderr


def test_it_goes_on_when_nobody_reads_what_it_says(own):
    own.process = subprocess.Popen(
        [*HOTLINE, "run"], cwd=own.folder, env=own.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    own.process.stdout.close()
    assert eventually(lambda: answers(f"http://127.0.0.1:{own.web}/health"))
    time.sleep(3)  # it has said by now that it is well
    assert own.process.poll() is None
    assert own.stop() == 0


def test_a_broken_configuration_is_refused_with_every_line(own):
    (own.folder / "config" / "hotline.yml").write_text("number: +8643112345\n")
    refused = own.hotline("run")
    assert refused.returncode == 1
    assert "config/hotline.yml:1: " in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_is_killed_comes_back_and_says_so(hotline):
    before = hotline.pids()
    for times, name in enumerate(before, 1):
        os.kill(before[name], signal.SIGKILL)
        hotline.says("is started again", times)
    hotline.says("carrier | answers again")
    hotline.says("web-1   | answers again")
    hotline.says("web-2   | answers again")
    assert eventually(lambda: hotline.pids().keys() == before.keys())
    after = hotline.pids()
    assert all(before[name] != after[name] and alive(after[name]) for name in before)


def test_a_request_that_comes_while_no_web_process_lives_is_answered_by_the_next(hotline):
    """kill -9 of the whole web side loses nothing that was still on its way in."""
    before = hotline.pids()
    webs = [name for name in before if name.startswith("web")]
    assert eventually(lambda: len(hotline.pids()) == len(before))
    for name in webs:
        os.killpg(hotline.pids()[name], signal.SIGKILL)  # its worker too, which listens
    with urllib.request.urlopen(f"http://127.0.0.1:{hotline.web}/health", timeout=60) as answer:
        assert answer.read() == b"ok\n"


def test_it_stops_cleanly_and_starts_again_with_its_data(own):
    own.start()
    secrets = (own.folder / "var" / "secrets.env").read_text()
    everybody = own.everybody()
    assert len(everybody) >= 5  # carrier, two webs with a worker each, clock
    began = time.monotonic()
    assert own.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < PATIENCE + 5
    assert not any(alive(pid) for pid in everybody)
    assert not (own.folder / "var" / "run.json").exists()
    own.start()
    assert (own.folder / "var" / "secrets.env").read_text() == secrets


def test_nothing_outlives_it_when_it_is_killed(own):
    own.start()
    everybody = own.everybody()
    own.stop(signal.SIGKILL)
    assert gone(everybody)
    assert own.hotline("call").stderr.startswith("no hotline is running here\n    mend: ")
    own.start()


def test_a_call_from_another_terminal_by_keys_from_a_pipe(hotline):
    call = hotline.hotline("call", "--from", "withheld", "--save", "saved.yml", keys="wwh\n")
    assert call.returncode == 0, call.stderr
    assert "a withheld number calls +8643112345" in call.stdout
    assert "您好，长春市市长公开电话。" in call.stdout
    assert "you hung up (completed)" in call.stdout

    played = hotline.hotline("call", "--script", "saved.yml")
    assert played.returncode == 0, played.stderr
    assert "saved.yml: went as written" in played.stdout
    assert "withheld" in hotline.hotline("tickets").stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_call_that_is_ended_from_outside_hangs_up_and_leaves_the_terminal_as_it_was(hotline, number):
    person, program = pty.openpty()
    before = termios.tcgetattr(program)
    log = hotline.folder / "call.log"
    with log.open("w") as out:
        call = subprocess.Popen(
            [*HOTLINE, "call"], cwd=hotline.folder, env=hotline.environ, stdin=program, stdout=out
        )
    try:
        assert eventually(lambda: "in-progress" in log.read_text())
        assert termios.tcgetattr(program) != before
        call.send_signal(number)
        assert call.wait(30) == 0
    finally:
        call.kill()
        call.wait()
    assert "you hung up (completed)" in log.read_text()
    assert termios.tcgetattr(program) == before
    os.close(person)
    os.close(program)


def test_a_call_that_does_not_get_through_fails_with_a_sentence(hotline):
    call = hotline.hotline("call", "--to", "NONSENSE")
    assert call.returncode == 1
    assert "the call has ended (failed)" in call.stdout
    assert call.stderr.splitlines() == [
        "there is no telephone at NONSENSE: here is only the hotline",
        "    mend: call +8643112345",
    ]


def test_a_written_call_that_differs_fails_with_a_sentence(hotline):
    file = hotline.folder / "wrong.yml"
    file.write_text("from: withheld\ncall:\n  - hears: Grüß Gott\n    within: 2\n")
    played = hotline.hotline("call", "--script", "wrong.yml")
    assert played.returncode == 1
    assert 'wrong.yml:3: did not hear "Grüß Gott" within 2 s; heard "您好' in played.stderr


def test_a_written_call_with_mistakes_is_refused_before_it_is_placed(hotline):
    (hotline.folder / "mistake.yml").write_text("from: withheld\ncall:\n  - hangs\n")
    played = hotline.hotline("call", "--script", "mistake.yml")
    assert (played.returncode, played.stdout) == (1, "")
    assert "mistake.yml:3: 'hangs' is not a step" in played.stderr


def test_an_agent_who_is_not_listed(hotline):
    seat = hotline.hotline("agent", "kin")
    assert seat.returncode == 1
    assert seat.stderr.splitlines() == [
        "there is no agent 'kin' in config/agents.yml",
        "    mend: did you mean 'kim'?",
    ]


def test_an_agent_stays_through_a_restart_of_the_carrier_and_then_answers_a_call(hotline):
    log = hotline.folder / "agent.log"
    seat_of = [*HOTLINE, "agent", "wang", "--auto", "--talk", "1"]
    with log.open("w") as out:
        seat = subprocess.Popen(
            seat_of, cwd=hotline.folder, env=hotline.environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )

    def says(text):
        for _ in range(600):
            if text in log.read_text():
                return
            time.sleep(0.1)
        pytest.fail(f"the seat never said {text!r}: {log.read_text()}")

    try:
        says("ready")
        os.kill(hotline.pids()["carrier"], signal.SIGKILL)
        says("the carrier is away; connecting again")
        says("your telephone is connected again")
        call = hotline.hotline("call", "--from", "+8643188880009")
        says("talking: +86 431 **** 0009 in zh")
        seat.send_signal(signal.SIGINT)
        assert seat.wait() == 0
        says("the seat is left")
    finally:
        seat.kill()
        seat.wait()
    assert "正在为您接通" in call.stdout
    assert "the call has ended (completed)" in call.stdout
