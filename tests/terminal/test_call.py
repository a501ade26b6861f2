"""What `hotline call` refuses before it dials, and what becomes of the call that was to be written down."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from terminal.call import call
from terminal.paper import written_down
from terminal.refusal import Refusal
from terminal.saving import Notes


@pytest.fixture
def notes():
    """What was noted of a short call."""
    taken = Notes(None)
    taken.pressed("4")
    return taken


def test_a_caller_who_is_neither_a_number_nor_withheld_is_refused():
    refused = CliRunner().invoke(call, ["--from", "banana"])
    assert refused.exit_code == 1
    assert refused.stderr == (
        "'banana' is no number to call from\n    mend: give one in quotes, or --from withheld\n"
    )


def test_the_notes_take_the_place_of_what_stood_in_the_file(tmp_path, notes, capsys):
    file = tmp_path / "call.yml"
    file.write_text("an older call\n")
    with written_down(notes, file):
        assert file.read_text() == "an older call\n"
    assert file.read_text() == notes.written()
    assert f"hotline call --script {file}" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["", "nowhere/call.yml"])
def test_a_file_that_cannot_be_written_is_refused_before_the_call(tmp_path, notes, where):
    with (
        pytest.raises(Refusal, match=r"can't write .*\n    mend: name a file in a folder"),
        written_down(notes, tmp_path / where),
    ):
        pytest.fail("the call was placed")


def test_a_call_that_a_full_disk_does_not_take_is_shown(notes, capsys):
    with (
        pytest.raises(Refusal, match=r"no space left on device\n    mend: .*copy it"),
        written_down(notes, Path("/dev/full")),
    ):
        pass
    assert notes.written() in capsys.readouterr().out


def test_without_a_call_the_file_is_as_it_was(tmp_path):
    old, new = tmp_path / "old.yml", tmp_path / "new.yml"
    old.write_text("an older call\n")
    for file in (old, new):
        with pytest.raises(Refusal, match="no carrier"), written_down(Notes(None), file):
            raise Refusal("no carrier")
    assert old.read_text() == "an older call\n"
    assert not new.exists()
