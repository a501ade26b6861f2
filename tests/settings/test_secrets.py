"""Secrets are made once, whoever asks first, and nobody else can read them."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from settings.secrets import SecretsUnusable, config_folder, database_url, read_secrets, variable_folder

ROOT = Path(__file__).parents[2]
RACER = """
import sys
from settings.secrets import read_secrets
print("ready", flush=True)
sys.stdin.readline()
found = read_secrets({"HOTLINE_VAR": sys.argv[1]})
print(found.account_sid, found.auth_token, found.key)
"""


def test_processes_that_start_together_get_the_same_secrets(tmp_path):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path / "var")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(8)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = {racer.communicate()[0] for racer in racers}
    assert len(answers) == 1
    assert len(answers.pop().split()) == 3
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == [".secrets.env.lock", "secrets.env"]


def test_what_was_made_stays_and_only_the_owner_reads_it(tmp_path):
    environ = {"HOTLINE_VAR": str(tmp_path)}
    first = read_secrets(environ)
    (tmp_path / "secrets.env").chmod(0o644)
    assert read_secrets(environ) == first
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600
    assert first.account_sid.startswith("AC")
    assert len(first.account_sid) == 34
    assert first.auth_token not in repr(first)
    assert first.key not in repr(first)


def test_a_start_that_was_interrupted_while_writing_is_no_hindrance(tmp_path):
    (tmp_path / "secrets.new").write_text("TWILIO_ACC")
    assert read_secrets({"HOTLINE_VAR": str(tmp_path)}).key


def test_the_environment_goes_first(tmp_path):
    environ = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "token",
        "HOTLINE_VAR": str(tmp_path / "var"),
    }
    found = read_secrets(environ)
    assert (found.account_sid, found.auth_token) == ("AC1", "token")
    both = read_secrets(
        environ | {"HOTLINE_SECRET": "0123456789abcdef", "HOTLINE_VAR": str(tmp_path / "none")}
    )
    assert both.key == "0123456789abcdef"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_ACCOUNT_SID is set, TWILIO_AUTH_TOKEN is not"),
        ({"TWILIO_AUTH_TOKEN": "t"}, "TWILIO_AUTH_TOKEN is set, TWILIO_ACCOUNT_SID is not"),
        ({"HOTLINE_SECRET": "short"}, "HOTLINE_SECRET has 5 characters, too few"),
    ],
)
def test_halves_are_refused_with_their_mend(environ, said, tmp_path):
    with pytest.raises(SecretsUnusable, match=said) as refused:
        read_secrets({"HOTLINE_VAR": str(tmp_path)} | environ)
    assert "\n    mend: " in str(refused.value)


@pytest.mark.parametrize("content", ["", "TWILIO_ACCOUNT_SID=AC1\n", "\xff"])
def test_a_damaged_file_is_refused_and_never_overwritten(tmp_path, content):
    path = tmp_path / "secrets.env"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(SecretsUnusable, match="mend"):
        read_secrets({"HOTLINE_VAR": str(tmp_path)})
    assert path.read_text(encoding="latin-1") == content


def test_a_folder_that_can_not_be_written_is_said_plainly(tmp_path):
    (tmp_path / "var").write_text("a file")
    with pytest.raises(SecretsUnusable, match="HOTLINE_VAR"):
        read_secrets({"HOTLINE_VAR": str(tmp_path / "var")})


def test_where_things_are():
    assert (config_folder({}), variable_folder({})) == (Path("config"), Path("var"))
    moved = {"HOTLINE_CONFIG": "/etc/hotline", "HOTLINE_VAR": "/var/lib/hotline"}
    assert (config_folder(moved), variable_folder(moved)) == (Path("/etc/hotline"), Path("/var/lib/hotline"))
    assert database_url({}) == "sqlite:///var/hotline.db"
    assert database_url(moved) == "sqlite:////var/lib/hotline/hotline.db"
    assert database_url({"HOTLINE_DATABASE_URL": "postgresql://h"}) == "postgresql://h"
