"""The command line: what it reads, and what it refuses in one line."""

import os
import socket
import subprocess
import sys

import pytest

from carrier.arguments import BadArguments, OwnNumber, account, parse

URL = "http://127.0.0.1:8000/voice/incoming"
APP = "AP" + "0" * 32


def test_numbers_and_the_addresses_behind_them():
    given = parse(
        [
            f"--number=+8643112345={URL}?a=b",
            "--fallback=+8643112345=http://x/fallback",
            "--number=+8610=http://y/voice",
            "--status=+8610=http://y/status",
            f"--application={APP}={URL}",
        ]
    )
    assert given.lines == (
        OwnNumber("+8643112345", f"{URL}?a=b", "http://x/fallback", ""),
        OwnNumber("+8610", "http://y/voice", "", "http://y/status"),
    )
    assert given.applications == {APP: URL}
    assert (given.host, given.port, given.data) == ("127.0.0.1", 8001, None)


BAD = [
    (["--number", f"8643112345={URL}"], "write NUMBER=URL, with a number such as +8643112345"),
    (["--number", "+8643112345"], "'' is not a URL such as"),
    (["--number", "+8643112345=voice"], "'voice' is not a URL such as"),
    (["--number"], "expected one argument"),
    (["--fallback", f"+8643112345={URL}"], "--fallback: +8643112345 is not given with --number"),
    (["--status", f"+8643112345={URL}"], "--status: +8643112345 is not given with --number"),
    (["--number", f"+8610={URL}", "--number", f"+8610={URL}"], "--number: +8610 is given twice"),
    (["--application", f"kim={URL}"], "write SID=URL, with AP and 32 hexadecimal digits"),
    (["--application", f"{APP}=voice"], "'voice' is not a URL such as"),
    (["--application", f"{APP}={URL}"] * 2, f"--application: {APP} is given twice"),
    (["--port", "65536"], "65536 is not a port"),
    (["--port", "http"], "http is not a port"),
    (["--public-url", "here"], "'here' is not a URL"),
    (["--nmuber", "x"], "unrecognized arguments: --nmuber"),
    (["--num", f"+8643112345={URL}"], "unrecognized arguments: --num"),
]


@pytest.mark.parametrize(("words", "complaint"), BAD)
def test_bad_arguments_are_named(words, complaint):
    with pytest.raises(BadArguments) as refused:
        parse(words)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_account_comes_from_the_environment_or_is_new():
    sid = "AC" + "0" * 32
    found, new = account({"CARRIER_ACCOUNT_SID": sid, "CARRIER_AUTH_TOKEN": "t"})
    assert (found.sid, found.token, new) == (sid, "t", False)
    made, new = account({})
    assert new
    assert made.sid != account({})[0].sid
    assert len(made.sid) == 34


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        ({"CARRIER_ACCOUNT_SID": "me", "CARRIER_AUTH_TOKEN": "t"}, "AC and 32 hexadecimal digits"),
        ({"CARRIER_AUTH_TOKEN": "t"}, "AC and 32 hexadecimal digits"),
        ({"CARRIER_ACCOUNT_SID": "AC" + "0" * 32}, "CARRIER_AUTH_TOKEN is missing"),
    ],
)
def test_half_an_account_is_refused(environ, complaint):
    with pytest.raises(BadArguments, match=complaint):
        account(environ)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CARRIER_")}
    command = [sys.executable, "-m", "carrier", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environ, check=False)


def test_help_tells_a_stranger_what_to_do():
    answer = run("--help")
    assert answer.returncode == 0
    for word in (
        "Twilio",
        "--number NUMBER=URL",
        "CARRIER_ACCOUNT_SID",
        "a first call",
        "telephones:",
        "inspector",
        "/v1/Alerts",
        "Ctrl-C",
        "from flask import",
        "http_client=",
    ):
        assert word in answer.stdout


def test_a_malformed_argument_is_one_line_and_exit_code_2():
    answer = run("--number", "12345")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr == (
        "carrier: argument --number: 12345: write NUMBER=URL, with a number such as +8643112345\n"
    )


def test_a_taken_port_is_one_line_and_exit_code_2():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("--port", str(port))
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in answer.stderr
    assert "choose another --port" in answer.stderr


def test_a_data_folder_that_cannot_be_is_one_line_and_exit_code_2(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    answer = run("--port", "0", "--data", str(file))
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert str(file) in answer.stderr


def test_a_host_that_is_not_ours_is_one_line_and_exit_code_2():
    answer = run("--port", "0", "--host", "192.0.2.1")
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
