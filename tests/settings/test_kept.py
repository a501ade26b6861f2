"""A part of the hotline starts while config/ is broken: callers are served with what was right before."""

import shutil
import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from settings.kept import Kept
from settings.live import Live
from settings.problems import ConfigRefused
from switchboard.setup import kept_setup, load, load_copy

COPY = Path("var/config.zip")


@pytest.fixture(autouse=True)
def _own_folder(config, monkeypatch):
    monkeypatch.setenv("HOTLINE_VAR", "var")


def start(config):
    """A part of the hotline starts."""
    kept = kept_setup()
    return Live(config, kept.load, last=lambda: kept.last(config))


def broken(file):
    file.write_text("people: {", encoding="utf-8")


def renamed(config, name):
    """Another change that is right."""
    queues = config / "queues.yml"
    text = queues.read_text(encoding="utf-8").replace("zh: 人工服务", f"zh: {name}")
    queues.write_text(text, encoding="utf-8")


def label(live):
    return live.current.config.queues["people"].label["zh"]


def test_it_starts_with_the_last_configuration_that_was_right_and_says_every_problem(config):
    before = start(config).current
    broken(config / "queues.yml")
    (config / "menus" / "main.yml").unlink()
    with capture_logs() as logs:
        live = start(config)
    assert live.current == before
    assert live.current.config.folder == config, "recordings are played from there"
    assert {log["log_level"] for log in logs} == {"error"}
    assert {log["where"].split(":")[0] for log in logs} > {"config/queues.yml"}
    assert all("the last one that was right is used" in log["event"] and log["mend"] for log in logs)
    assert len(logs) == len(live.problems) > 1


def test_once_config_is_mended_it_is_taken_up(config):
    start(config)
    good = (config / "queues.yml").read_text(encoding="utf-8")
    broken(config / "queues.yml")
    live = start(config)
    (config / "queues.yml").write_text(good, encoding="utf-8")
    renamed(config, "夜班")
    live.look()
    live.look()
    assert (label(live), live.problems) == ("夜班", ())


def test_the_last_is_the_one_taken_up_last_by_whichever_part(config):
    live = start(config)
    renamed(config, "夜班")
    live.look()
    live.look()
    broken(config / "queues.yml")
    live.look()
    live.look()
    assert label(start(config)) == "夜班"


def test_config_that_is_away_altogether_is_started_without(config):
    before = start(config).current
    shutil.rmtree(config)
    assert start(config).current == before


def test_a_recording_that_is_lost_refuses_the_folder_and_not_the_copy(config):
    menu = config / "menus" / "main.yml"
    text = menu.read_text(encoding="utf-8")
    menu.write_text(text.replace("您好，长春市市长公开电话。", "{file: audio/hello.wav}"), encoding="utf-8")
    (config / "audio").mkdir()
    (config / "audio" / "hello.wav").touch()
    before = start(config).current
    (config / "audio" / "hello.wav").unlink()
    with pytest.raises(ConfigRefused, match=r"audio/hello\.wav, which is not in config"):
        load(config)
    assert start(config).current == before


@pytest.mark.parametrize("damage", [b"", b"PK", b"no archive at all", None])
def test_without_a_copy_that_can_be_used_it_is_the_folder_that_is_refused(config, damage):
    start(config)
    broken(config / "queues.yml")
    COPY.unlink() if damage is None else COPY.write_bytes(damage)
    with pytest.raises(ConfigRefused, match=r"config/queues\.yml:1"):
        start(config)


def test_a_copy_that_this_hotline_refuses_is_none(config):
    start(config)
    broken(config / "queues.yml")

    def refuse(copy, folder):
        return load_copy(copy / "elsewhere", folder)

    assert Kept(COPY, load, refuse).last(config) is None


def test_what_is_kept_is_the_owners_alone_and_stays_one_file(config):
    for name in ("夜班", "白班"):
        start(config)
        renamed(config, name)
    assert stat.S_IMODE(COPY.stat().st_mode) == 0o600
    assert [path.name for path in Path("var").iterdir()] == ["config.zip"]


def test_files_that_change_while_they_are_read_are_not_kept(config):
    def load_slowly(folder):
        setup = load(folder)
        renamed(config, "夜班")
        return setup

    Kept(COPY, load_slowly, load_copy).load(config)
    assert not COPY.exists()


def test_where_no_copy_can_be_kept_the_hotline_starts_all_the_same_and_says_so(config):
    Path("var").write_text("a file, no folder")
    with capture_logs() as logs:
        assert label(start(config)) == "人工服务"
    [said] = logs
    assert (said["log_level"], said["file"]) == ("warning", "var/config.zip")
