"""The supervisor, with real processes that stand in for web, carrier and clock."""

import os
import signal
import subprocess
import sys
import time

import pytest

from terminal.supervisor import TRIES, KeepsDying, Part, Supervisor

STAYS = "import time\nprint('up', flush=True)\nwhile True: time.sleep(0.05)"
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + STAYS
HAS_A_WORKER = (
    "import os, subprocess, sys\n"
    "from terminal.tied import tie\n"
    "worker = subprocess.Popen([sys.executable, '-m', 'terminal.tied', str(os.getpid()), 'stays'])\n"
    "print('worker', worker.pid, flush=True)\n"
    "worker.wait()"
)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(true, what):
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    pytest.fail(f"not within 30 s: {what}")


class Watched:
    """A supervisor that does things from within its own beat, where a test can see and disturb it."""

    def __init__(self, *parts):
        self.lines = []
        self.starts = []
        self.supervisor = Supervisor(list(parts), self.say, self.starts.append, self.beat)
        self.script = iter(())

    def say(self, name, line):
        self.lines.append((name, line))

    def beat(self):
        next(self.script, None)

    def run(self, script):
        self.script = script
        self.supervisor.run()

    def stop(self):
        os.kill(os.getpid(), signal.SIGTERM)


def test_a_part_that_is_killed_is_started_again_and_said_so(programs):
    watched = Watched(Part("web", (programs("stays", STAYS),)))

    def script():
        while not watched.lines:
            yield
        os.kill(watched.starts[0]["web"], signal.SIGKILL)
        while len(watched.starts) < 2:
            yield
        watched.stop()

    watched.run(script())
    assert ("web", "was killed (SIGKILL); it is started again in 0.25 s") in watched.lines
    first, second = (start["web"] for start in watched.starts)
    assert first != second
    assert not alive(first)
    assert not alive(second)


def test_a_part_that_dies_at_once_again_and_again_is_given_up(programs, monkeypatch):
    monkeypatch.setattr("terminal.supervisor.FIRST_WAIT", 0.0)
    watched = Watched(
        Part("clock", (programs("dies", "raise SystemExit(3)"),)), Part("web", (programs("stays", STAYS),))
    )
    with pytest.raises(KeepsDying, match=rf"clock ended \(exit code 3\), {TRIES} times in a row"):
        watched.run(iter(()))
    assert not alive(watched.starts[0]["web"])


def test_what_does_not_stop_when_asked_is_killed(programs, monkeypatch):
    monkeypatch.setattr("terminal.supervisor.PATIENCE", 0.3)
    watched = Watched(Part("web", (programs("stubborn", STUBBORN),)))

    def script():
        while not watched.lines:
            yield
        watched.stop()

    watched.run(script())
    assert not alive(watched.starts[0]["web"])


def test_the_workers_of_a_part_end_with_it(programs):
    programs("stays", STAYS)
    watched = Watched(Part("web", (programs("has_a_worker", HAS_A_WORKER),)))

    def script():
        while len(watched.lines) < 2:
            yield
        watched.stop()

    watched.run(script())
    worker = int(watched.lines[0][1].split()[1])
    eventually(lambda: not alive(worker), "the worker ends with its part")


def test_nothing_outlives_a_supervisor_that_is_killed(programs):
    programs("stays", STAYS)
    part = programs("has_a_worker", HAS_A_WORKER)
    programs(
        "supervises",
        "from terminal.supervisor import Part, Supervisor\n"
        "tell = lambda name, line: print(line, flush=True)\n"
        "started = lambda pids: print('part', pids['web'], flush=True)\n"
        f"Supervisor([Part('web', ({part!r},))], tell, started).run()",
    )
    with subprocess.Popen(
        [sys.executable, "-m", "supervises"], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        told = dict(supervisor.stdout.readline().split() for _ in range(2))
        supervisor.kill()
    for pid in told.values():
        eventually(lambda pid=pid: not alive(pid), "every part and its workers end")


def test_a_part_that_ran_well_for_a_while_is_not_given_up_for_a_few_deaths(programs, monkeypatch):
    monkeypatch.setattr("terminal.supervisor.STEADY", 0.0)
    monkeypatch.setattr("terminal.supervisor.FIRST_WAIT", 0.0)
    watched = Watched(Part("clock", (programs("dies", "raise SystemExit(1)"),)))

    def script():
        while len(watched.starts) < TRIES + 2:
            yield
        watched.stop()

    watched.run(script())
    assert len(watched.starts) >= TRIES + 2


def test_once_all_was_well_a_part_that_keeps_dying_does_not_stop_the_others(programs, monkeypatch):
    monkeypatch.setattr("terminal.supervisor.FIRST_WAIT", 0.0)
    monkeypatch.setattr("terminal.supervisor.LONGEST_WAIT", 0.0)
    watched = Watched(
        Part("clock", (programs("dies", "raise SystemExit(3)"),)), Part("web", (programs("stays", STAYS),))
    )
    watched.supervisor.was_well = True

    def script():
        while len(watched.starts) < TRIES + 2:
            yield
        assert alive(watched.starts[0]["web"])
        watched.stop()

    watched.run(script())
    said = [line for name, line in watched.lines if name == "clock"]
    often = (
        f"ended (exit code 3), {TRIES} times in a row within 10 s of its start; it is started again in 0 s"
    )
    assert said[TRIES - 1] == often
    assert {start["web"] for start in watched.starts} == {watched.starts[0]["web"]}


def test_it_was_well_once_every_part_has_run_for_a_while(programs, monkeypatch):
    watched = Watched(Part("web", (programs("stays", STAYS),)))

    def script():
        yield
        assert not watched.supervisor.was_well
        monkeypatch.setattr("terminal.supervisor.STEADY", 0.0)
        yield
        yield
        assert watched.supervisor.was_well
        watched.stop()

    watched.run(script())
