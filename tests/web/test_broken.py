"""Whatever breaks, the caller hears words, goes to a person or a recorder, and is registered in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import structlog
from sqlalchemy import select

from settings.logs import configure
from store.errors import StoreUnavailable
from store.tables import calls, recordings, tickets
from switchboard import ending, menu, spool, talking, waiting

CALL = {
    "CallSid": "CA" + "1" * 32,
    "From": "+8643188880001",
    "To": "+8643112345",
    "CallStatus": "in-progress",
}


def broken(*args: Any, **more: Any) -> None:
    raise ZeroDivisionError("a mistake of ours")


def test_a_mistake_in_a_step_takes_the_caller_to_a_person(
    carrier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier.posts("/voice/incoming", CALL)
    carrier.posts("/voice/step?n=1", CALL | {"Digits": "4"})
    monkeypatch.setattr(menu, "step", broken)
    answer = carrier.posts("/voice/step?n=2", CALL | {"Digits": "1"}).text
    assert "<Enqueue" in answer
    assert 'language="ko-KR"' in answer
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.scalar(select(calls.c.state)) in ("waiting", "offered")


@pytest.mark.parametrize(
    ("path", "module", "name"),
    [
        ("/voice/incoming", menu, "arrive"),
        ("/voice/step?n=0", menu, "step"),
        ("/voice/join?offer=x", talking, "join"),
        ("/voice/talked?offer=x", talking, "talked"),
    ],
)
def test_no_mistake_reaches_the_caller(
    carrier: Any, monkeypatch: pytest.MonkeyPatch, path: str, module: Any, name: str
) -> None:
    monkeypatch.setattr(module, name, broken)
    answer = carrier.posts(path, CALL)
    assert answer.status_code == 200
    assert "<Enqueue" in answer.text or "<Record" in answer.text
    assert "<Say" in answer.text
    assert "mistake" not in answer.text


def test_a_waiting_caller_hears_music_when_the_wait_breaks_and_stays_in_the_queue(
    carrier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier.posts("/voice/incoming", CALL)
    carrier.posts("/voice/step?n=1", CALL)
    monkeypatch.setattr(waiting, "wait", broken)
    answer = carrier.posts("/voice/wait?n=2", CALL)
    assert answer.status_code == 200
    assert "<Play>" in answer.text
    assert "<Enqueue" not in answer.text  # Twilio refuses it there
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.scalar(select(calls.c.state)) in ("waiting", "offered")


def test_what_is_logged_shows_no_number(
    carrier: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    configure()
    monkeypatch.setattr(menu, "_walk", broken)
    carrier.posts("/voice/incoming", CALL)
    structlog.reset_defaults()
    logged = "".join(capfd.readouterr())
    assert "ZeroDivisionError" in logged
    assert "3188880001" not in logged


def test_with_the_database_gone_the_recorder_answers_and_the_call_is_registered_later(
    carrier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline = carrier.stage.hotline
    good = hotline.store.transaction

    def gone() -> None:
        raise StoreUnavailable(hotline.store.url, "gone")

    monkeypatch.setattr(hotline.store, "transaction", gone)
    for path in ("/voice/incoming", "/voice/fallback"):
        answer = carrier.posts(path, CALL)
        assert answer.status_code == 200
        assert "<Record" in answer.text
    thanks = carrier.posts("/voice/fallback?after=record", CALL | {"RecordingUrl": "http://carrier/RE1"}).text
    assert "<Hangup/>" in thanks
    told = {"RecordingSid": "RE1", "RecordingUrl": "http://carrier/RE1", "RecordingDuration": "7"}
    assert carrier.posts("/voice/recording", CALL | told).status_code == 500

    monkeypatch.setattr(hotline.store, "transaction", good)
    assert spool.register_all(hotline, carrier.stage.spool) >= 1
    assert spool.register_all(hotline, carrier.stage.spool) == 0
    with hotline.store.reading() as tx:
        assert tx.execute(select(tickets.c.caller, tickets.c.state)).all() == [
            ("+8643188880001", "call-back")
        ]
        assert tx.scalar(select(recordings.c.seconds)) == 7


@pytest.mark.parametrize(
    ("source", "kind"), [("StartCallRecordingAPI", "talk"), ("RecordVerb", "message"), (None, "message")]
)
def test_a_recording_that_was_told_of_while_the_database_was_gone_is_still_a_talk_or_a_message(
    carrier: Any, source: str | None, kind: str
) -> None:
    hotline = carrier.stage.hotline
    carrier.posts("/voice/incoming", CALL)
    told = {"RecordingSid": "RE1", "RecordingUrl": "http://carrier/RE1", "RecordingDuration": "7"}
    carrier.stage.spool.keep(CALL | told | ({"RecordingSource": source} if source else {}), hotline.now())
    assert spool.register_all(hotline, carrier.stage.spool) == 1
    with hotline.store.reading() as tx:
        assert tx.execute(select(recordings.c.kind, recordings.c.seconds)).all() == [(kind, 7)]


def test_a_call_kept_as_a_file_keeps_its_time(carrier: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hotline = carrier.stage.hotline
    came = hotline.now()
    carrier.stage.spool.keep(CALL, came)
    monkeypatch.setattr(hotline, "now", lambda: came + timedelta(hours=30))
    assert spool.register_all(hotline, carrier.stage.spool) == 1
    with hotline.store.reading() as tx:
        assert tx.scalar(select(tickets.c.opened_at)) == came


def test_a_database_that_can_only_be_read_loses_no_call_that_was_kept(carrier: Any, backend: str) -> None:
    """PostgreSQL after a failover; SQLite when its folder was made read-only says so in its own way."""
    store = carrier.stage.hotline.store
    with _read_only(store, backend):
        assert "<Record" in carrier.posts("/voice/incoming", CALL).text
        with pytest.raises(StoreUnavailable):
            spool.register_all(carrier.stage.hotline, carrier.stage.spool)
    assert spool.register_all(carrier.stage.hotline, carrier.stage.spool) == 1
    with store.reading() as tx:
        assert tx.scalar(select(tickets.c.state)) == "call-back"


@contextmanager
def _read_only(store: Any, backend: str) -> Iterator[None]:
    if backend == "sqlite":
        _pragma(store, "query_only = ON")
        yield
        _pragma(store, "query_only = OFF")
        return
    _set(store, f"ALTER DATABASE {store.url.database} SET default_transaction_read_only = on")
    yield
    _set(store, f"ALTER DATABASE {store.url.database} RESET default_transaction_read_only")


def _pragma(store: Any, setting: str) -> None:
    connection = store.database.writer.raw_connection()  # the one that writes
    connection.cursor().execute(f"PRAGMA {setting}")
    connection.close()  # back into the pool


def _set(store: Any, statement: str) -> None:
    with psycopg.connect(store.url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(statement)
    store.dispose()  # connections that were open go on as they began


def test_nobody_is_rung_for_a_caller_who_has_hung_up(carrier: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier.posts("/voice/incoming", CALL)
    monkeypatch.setattr(ending, "status", broken)
    answer = carrier.posts("/voice/left?n=2", CALL | {"CallStatus": "completed", "QueueResult": "hangup"})
    assert answer.status_code == 200
    assert "<Enqueue" not in answer.text
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.scalar(select(calls.c.state)) == "menu"


@pytest.mark.parametrize("form", [{"QueueResult": "hangup"}, {"CallStatus": "completed"}])
def test_who_hangs_up_in_the_queue_is_gone_though_no_status_tells_of_it(
    carrier: Any, form: dict[str, str]
) -> None:
    carrier.posts("/voice/incoming", CALL)
    carrier.posts("/voice/step?n=1", CALL | {"Digits": "0"})
    carrier.posts("/voice/left?n=2", CALL | form)
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.execute(select(calls.c.state, calls.c.outcome)).one() == ("ended", "abandoned")


def test_with_the_disk_full_as_well_the_recorder_answers_all_the_same(
    carrier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(carrier.stage.hotline.store, "transaction", full)
    monkeypatch.setattr(spool.Spool, "keep", full)
    for path in ("/voice/incoming", "/voice/fallback"):
        answer = carrier.posts(path, CALL)
        assert answer.status_code == 200
        assert "<Record" in answer.text


def test_the_fallback_webhook_takes_the_caller_to_a_person(carrier: Any) -> None:
    told = {"ErrorCode": "11200", "ErrorUrl": "http://127.0.0.1/voice/incoming"}
    answer = carrier.posts("/voice/fallback", CALL | told).text
    assert "<Enqueue" in answer
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.scalar(select(calls.c.priority)) == 5
