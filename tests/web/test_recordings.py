"""The recordings of a ticket in the browser: for whoever has a fresh link, by way of the hotline alone."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import update

from calls import journal
from carrier.model import Recording
from store.tables import recordings
from telephony.carrier import NotSent
from web import play_token
from web.languages import LANGUAGES

KEY = "a key for desks"
CALL = {"CallSid": "CA1", "From": "+8643188880001", "To": "+8643112345", "CallStatus": "in-progress"}
SID = "RE" + "1" * 32
TALK = CALL | {
    "RecordingSid": SID,
    "RecordingUrl": "http://carrier.example/secret",
    "RecordingDuration": "3",
    "RecordingSource": "StartCallRecordingAPI",
}


@pytest.fixture
def ticket(carrier: Any) -> str:
    """The number of a ticket with a recorded talk of three seconds."""
    exchange = carrier.stage.exchange
    folder = exchange.folder / "recordings"
    carrier.posts("/voice/incoming", CALL)
    now = datetime.now(UTC)
    recording = Recording(SID, "AC", "CA1", now, now, now, folder / f"{SID}.wav", "StartCallRecordingAPI")
    exchange.recordings[SID] = recording
    exchange.finish_recording(recording, 3, None)
    assert carrier.posts("/voice/recording", TALK).status_code == 204
    with carrier.stage.hotline.store.reading() as tx:
        return str(journal.of_call(tx, "CA1")[0].ticket)


def link(ticket: str, key: str = KEY) -> str:
    return f"/recordings/{play_token.issue(key, ticket, 'zhao')}"


def page(carrier: Any, ticket: str, **more: Any) -> Any:
    return carrier.client.get(link(ticket), **more)


def sound(carrier: Any, ticket: str, **more: Any) -> Any:
    """What the page's first player asks for."""
    [address] = re.findall(r'<audio [^>]*src="([^"]+)"', page(carrier, ticket).text)
    return carrier.client.get(f"/recordings/{address}", **more)


def entries(carrier: Any, ticket: str) -> list[tuple[str, dict[str, Any]]]:
    with carrier.stage.hotline.store.reading() as tx:
        return [(each.kind, each.detail) for each in journal.of_ticket(tx, ticket)]


def after(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let links be as old as this."""
    made = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(made(self) - seconds))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_the_ticket_and_its_recordings(carrier: Any, ticket: str, language: str) -> None:
    shown = page(carrier, ticket, headers={"Accept-Language": language})
    assert shown.status_code == 200
    assert ticket in shown.text
    assert {"zh": "通话", "en": "Talk", "ja": "通話", "ko": "통화", "ru": "Разговор"}[language] in shown.text
    assert "0:03" in shown.text
    assert "carrier.example" not in shown.text


def test_who_opens_it_is_in_the_journal_and_hearing_adds_nothing(carrier: Any, ticket: str) -> None:
    page(carrier, ticket)
    assert entries(carrier, ticket)[-1] == ("recording-opened", {"who": "zhao"})
    sound(carrier, ticket)
    assert [kind for kind, _ in entries(carrier, ticket)].count("recording-opened") == 2  # each page once


def test_the_sound_comes_from_the_carrier_whole_or_from_any_place_on(carrier: Any, ticket: str) -> None:
    whole = sound(carrier, ticket)
    assert (whole.status_code, whole.mimetype) == (200, "audio/mpeg")
    assert len(whole.data) == int(whole.headers["Content-Length"]) > 1000
    part = sound(carrier, ticket, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.data) == (206, whole.data[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(whole.data)}"
    beyond = sound(carrier, ticket, headers={"Range": f"bytes={len(whole.data) + 1}-"})
    assert beyond.status_code == 416


def test_nothing_of_it_is_kept_or_shown_elsewhere(carrier: Any, ticket: str) -> None:
    for answer in (page(carrier, ticket), sound(carrier, ticket)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_link_is_good_for_ten_minutes(carrier: Any, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        after(590, earlier)
        fresh = link(ticket)
        after(20, earlier)
        stale = link(ticket)
    assert carrier.client.get(fresh).status_code == 200
    refused = carrier.client.get(stale, headers={"Accept-Language": "en"})
    assert refused.status_code == 410
    assert "--play" in refused.text
    assert ticket not in refused.text


def test_a_sound_is_good_for_ten_minutes_longer_than_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        after(630, earlier)
        short, long = (play_token.issue_sound(KEY, SID, seconds) for seconds in (3, 60))
    assert play_token.sound_of(KEY, short) is None
    assert play_token.sound_of(KEY, long) == SID


def test_forged_and_mixed_up_links_open_nothing(carrier: Any, ticket: str) -> None:
    before = entries(carrier, ticket)
    of_sound = play_token.issue_sound(KEY, SID, 3)
    for forged in (link(ticket, "another key, as long"), f"/recordings/{of_sound}", "/recordings/x"):
        assert carrier.client.get(forged).status_code == 410
    for forged in (play_token.issue_sound("another key", SID, 3), play_token.issue(KEY, ticket, "zhao"), "x"):
        assert carrier.client.get(f"/recordings/sound/{forged}").status_code == 410
    assert carrier.client.get(link("26010100009")).status_code == 410
    assert entries(carrier, ticket) == before


def test_a_deleted_recording_is_shown_as_deleted(carrier: Any, ticket: str) -> None:
    with carrier.stage.hotline.store.transaction() as tx:
        gone = datetime(2026, 6, 1, 4, tzinfo=UTC)
        tx.execute(update(recordings).values(deleted_at=gone, created_at=gone - timedelta(days=90)))
    shown = page(carrier, ticket, headers={"Accept-Language": "en"}).text
    assert "Deleted 2026-06-01 12:00" in shown
    assert "<audio" not in shown


def test_a_carrier_that_is_away_or_has_it_no_more_is_said_so(carrier: Any, ticket: str) -> None:
    def away(*_: Any) -> None:
        raise NotSent("there is no connection")

    ours = carrier.stage.hotline.carrier
    carrier.stage.exchange.delete_recording(SID)
    assert sound(carrier, ticket).status_code == 404
    ours.sound = away
    assert sound(carrier, ticket).status_code == 502
