"""One hotline a folder, and how other commands find it."""

import errno
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import main
from terminal.ports import free, holder
from terminal.refusal import Refusal
from terminal.running import Running, claimed, find, the_running

HOTLINE = Running(
    pid=4711, number="+8643112345", web="http://w", carrier="http://c", public="http://p", parts={"web": 1}
)


def test_a_running_hotline_is_found_until_it_stops(tmp_path):
    assert find(tmp_path) is None
    with claimed(tmp_path):
        assert find(tmp_path) is None  # it has not started its parts yet
        HOTLINE.write(tmp_path)
        assert find(tmp_path) == HOTLINE
    assert find(tmp_path) is None


def test_what_a_killed_hotline_left_behind_is_not_taken_for_a_running_one(tmp_path):
    (tmp_path / "run.lock").touch()
    HOTLINE.write(tmp_path)
    assert find(tmp_path) is None
    with pytest.raises(Refusal, match=r"no hotline is running here\n    mend: .*make run"):
        the_running(tmp_path)


def test_a_folder_that_is_none_is_refused_with_its_name(tmp_path):
    file = tmp_path / "var"
    file.touch()
    with pytest.raises(Refusal, match=rf"{file} cannot be looked into: Not a dir.*\n    mend: .*HOTLINE_VAR"):
        find(file)


def test_a_folder_of_another_user_is_refused_with_its_name(tmp_path, monkeypatch):
    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # root may open everything
    with pytest.raises(Refusal, match=rf"{tmp_path} cannot be looked into: Permission denied"):
        the_running(tmp_path)


@pytest.mark.parametrize("command", ["call", "agent kim", "doctor"])
def test_the_commands_that_look_for_it_say_so_in_one_line(tmp_path, command, monkeypatch):
    (tmp_path / "var").touch()
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(Path(__file__).parents[2])
    refused = CliRunner().invoke(main, command.split())
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"{tmp_path / 'var'} cannot be looked into: Not a directory\n    mend: ")


def test_a_second_hotline_on_the_folder_is_refused_with_the_mend(tmp_path):
    with claimed(tmp_path):
        HOTLINE.write(tmp_path)
        with (
            pytest.raises(
                Refusal, match=r"already runs .*process 4711.*\n    mend: .*kill 4711.*HOTLINE_VAR"
            ),
            claimed(tmp_path),
        ):
            pass


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b"])
def test_a_host_that_is_not_this_machine_is_not_called_taken(host):
    with pytest.raises(Refusal, match=rf"cannot listen on {host} port 8001: .*\n    mend: .*--host"):
        free(host, 8001)


def test_a_port_that_is_not_for_this_user_is_not_called_taken(monkeypatch):
    class Socket(socket.socket):
        def bind(self, _):
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.socket", Socket)
    with pytest.raises(Refusal, match=r"port 80: Permission denied"):
        free("127.0.0.1", 80)


def test_the_holder_of_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not free("127.0.0.1", port)
        assert "(process " in holder(port)
    assert free("127.0.0.1", port)
    assert holder(port) is None
