"""Whatever breaks, the caller hears words, goes to a person or a recorder, and is registered in the end."""

from typing import Any

import pytest
import structlog
from sqlalchemy import select

from settings.logs import configure
from store.errors import StoreUnavailable
from store.tables import calls, recordings, tickets
from switchboard import menu, spool, talking, waiting

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
