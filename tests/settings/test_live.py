"""A running hotline and an admin who edits: files are taken up whole and right, or not at all."""

import os
import threading

import pytest
from structlog.testing import capture_logs

from settings.config import Config, load_config
from settings.live import Live
from settings.problems import ConfigRefused
from switchboard.setup import load


@pytest.fixture
def live(config):
    live = Live(config, load_config)
    yield live
    live.stop()


def offer_seconds(live: Live[Config]) -> int:
    return live.current.hotline.offer_seconds


def changed(config, seconds):
    text = (config / "hotline.yml").read_text(encoding="utf-8")
    return text.replace("offer_seconds: 20", f"offer_seconds: {seconds}")


def test_a_change_is_taken_up_at_the_second_look(config, live):
    (config / "hotline.yml").write_text(changed(config, 25), encoding="utf-8")
    live.look()
    assert offer_seconds(live) == 20, "somebody may still be writing"
    live.look()
    assert offer_seconds(live) == 25


def test_a_change_is_taken_up_within_two_seconds_by_the_default():
    assert 3 * Live.__init__.__defaults__[0] < 2


def test_a_broken_file_changes_nothing_and_is_said_with_place_and_mend(config, live):
    (config / "hotline.yml").write_text(changed(config, "soon"), encoding="utf-8")
    before = live.current
    with capture_logs() as logs:
        for _ in range(5):
            live.look()
    assert live.current is before
    [said] = logs
    assert said["log_level"] == "error"
    assert said["where"].startswith("config/hotline.yml:")
    assert said["what"] == "'offer_seconds' must be a whole number, not soon"
    assert said["mend"] == "write offer_seconds: 20"
    assert live.problems
    (config / "hotline.yml").write_text(changed(config, "soon").replace("soon", "30"), encoding="utf-8")
    live.look()
    live.look()
    assert (offer_seconds(live), live.problems) == (30, ())


def test_an_editor_that_empties_the_file_and_then_writes_is_waited_for(config, live):
    new = changed(config, 25)
    with capture_logs() as logs:
        (config / "hotline.yml").write_text("")
        live.look()
        (config / "hotline.yml").write_text(new[: len(new) // 2], encoding="utf-8")
        live.look()
        (config / "hotline.yml").write_text(new, encoding="utf-8")
        live.look()
        live.look()
    assert offer_seconds(live) == 25
    assert [log["log_level"] for log in logs] == ["info"]


def test_an_atomic_rename_and_a_file_that_is_away_for_a_moment(config, live):
    new = changed(config, 25)
    (config / "hotline.yml").unlink()
    live.look()
    live.look()
    assert offer_seconds(live) == 20
    assert [problem.what for problem in live.problems] == [
        "there is no hotline.yml, which says who the hotline is"
    ]
    (config / ".hotline.yml.new").write_text(new, encoding="utf-8")
    (config / ".hotline.yml.new").rename(config / "hotline.yml")
    live.look()
    live.look()
    assert (offer_seconds(live), live.problems) == (25, ())


def test_a_new_menu_file_counts_as_a_change_and_an_editors_own_file_does_not(config):
    loads = []
    live = Live(config, loads.append)
    for name in (".main.yml.swp", "main.yml~"):
        (config / "menus" / name).write_text("x")
        live.look()
        live.look()
    assert len(loads) == 1
    (config / "menus" / "night.yml").write_text("x: 1")
    live.look()
    live.look()
    assert len(loads) == 2


def test_what_editors_and_file_systems_lay_beside_a_menu_does_not_stop_a_change(config):
    live = Live(config, load)
    (config / "menus" / ".#main.yml").symlink_to("admin@office.4711:1790000000")  # a lock of Emacs
    (config / "menus" / "._main.yml").write_bytes(b"\x00\x05\x16\x07Mac OS X")
    (config / "hotline.yml").write_text(changed(config, 25), encoding="utf-8")
    live.look()
    live.look()
    assert live.problems == ()
    assert live.current.config.hotline.offer_seconds == 25


def test_a_file_written_to_while_it_is_read_is_read_again(config):
    writes = [lambda: None, lambda: (config / "queues.yml").write_text("second"), lambda: None]

    def load(folder):
        text = (folder / "queues.yml").read_text()
        writes.pop(0)()
        return text

    live = Live(config, load)
    told = []
    live.on_change = told.append
    (config / "queues.yml").write_text("first")
    for _ in range(4):
        live.look()
    assert told == [live.current] == ["second"]


def test_a_load_that_fails_for_another_reason_is_tried_again(config):
    fails = iter([False, True, False])

    def load(folder):
        if next(fails):
            raise OSError("too many open files")
        return (folder / "queues.yml").read_text()

    live = Live(config, load)
    (config / "queues.yml").write_text("new")
    live.look()
    with pytest.raises(OSError, match="too many"):
        live.look()
    live.look()
    assert live.current == "new"


def test_folders_behind_links_are_watched_and_a_link_that_leads_back_is_no_trouble(config, tmp_path):
    (config / "menus").rename(tmp_path / "elsewhere")
    (config / "menus").symlink_to(tmp_path / "elsewhere")
    (config / "calls" / "up").symlink_to(config.resolve())
    live = Live(config, lambda folder: (folder / "menus" / "main.yml").read_text())
    (tmp_path / "elsewhere" / "main.yml").write_text("new")
    live.look()
    live.look()
    assert live.current == "new"


def test_a_change_that_keeps_time_and_size_is_seen(config):
    live = Live(config, lambda folder: (folder / "queues.yml").read_text())
    file = config / "queues.yml"
    before = file.stat()
    new = "x" * before.st_size
    for _ in range(200):  # the file system's clock may be coarse
        file.write_text(new)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        if file.stat().st_ctime_ns != before.st_ctime_ns:
            break
    live.look()
    live.look()
    assert live.current == new


def test_a_folder_that_is_broken_at_the_start_is_refused(config):
    (config / "queues.yml").write_text("people: {")
    with pytest.raises(ConfigRefused):
        Live(config, load_config)


def test_the_news_are_told_once_and_again_where_telling_failed(config):
    live = Live(config, load_config)
    told = []

    def tell(new):
        told.append(new)
        if len(told) == 1:
            raise ConnectionError("the database is away")

    live.on_change = tell
    (config / "hotline.yml").write_text(changed(config, 25), encoding="utf-8")
    live.look()
    with pytest.raises(ConnectionError):
        live.look()
    live.look()
    live.look()
    assert told == [live.current, live.current]


def test_the_watching_thread_takes_up_a_change_and_survives_a_failure(config):
    taken = threading.Event()
    failed = threading.Event()
    live = Live(config, load_config, every=0.01)

    def tell(new):
        if not failed.is_set():
            failed.set()
            raise ConnectionError("the database is away")
        taken.set()

    live.on_change = tell
    live.start()
    try:
        (config / "hotline.yml").write_text(changed(config, 25), encoding="utf-8")
        assert taken.wait(60)
        assert failed.is_set()
        assert offer_seconds(live) == 25
    finally:
        live.stop()
