"""Recordings belong to the ticket; the carrier tells of each message twice, in the call and on its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, insert, select, update

from agents import offers
from agents.offers import Offer
from calls import book, journal
from calls.book import Call
from ivr.events import Recorded
from store.tables import KEPT, recordings
from switchboard.hotline import Hotline
from telephony.carrier import Gone, Refused, Unreachable

log = structlog.get_logger()

OF_A_TALK = "StartCallRecordingAPI"  # the source of a recording that was asked for in the middle of a call
USUALLY_TOLD = timedelta(minutes=10)  # after a talk: then word of its recording is missing
LOOKED_FOR = timedelta(days=2)  # after a talk: what the carrier has not got by then it never had
AT_ONCE = 500  # recordings that one round deletes; the next one goes on


@dataclass(frozen=True)
class Told:
    """A recording as the carrier's own callback tells of it: a message, or a talk."""

    sid: str
    call_sid: str
    url: str
    seconds: int
    kind: str = "message"

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Told":
        """What the callback's parameters say."""
        seconds = form.get("RecordingDuration", "")
        return cls(
            form["RecordingSid"],
            form.get("CallSid", ""),
            form.get("RecordingUrl", ""),
            int(seconds) if seconds.isascii() and seconds.isdigit() else 0,
            "talk" if form.get("RecordingSource") == OF_A_TALK else "message",
        )


def finished(hotline: Hotline, told: Told) -> bool:
    """The carrier has a recording ready: it goes to the ticket, also when the caller is long gone.

    False where no such call has been registered (yet).
    """

    def work(tx: Connection) -> bool:
        call = book.find(tx, told.call_sid)
        if call is not None:
            _keep(tx, call, told, hotline.now())
        return call is not None

    return hotline.decide(work)


def message(tx: Connection, call: Call, event: Recorded, now: datetime) -> None:
    """The caller has left a message."""
    if event.url and event.seconds:
        _keep(tx, call, Told(event.url.rsplit("/", 1)[-1], call.sid, event.url, event.seconds), now)


def fetch_missed(hotline: Hotline) -> None:
    """Ask the carrier for the recordings of talks that it never told of: its word may get lost, and what is
    not known here would be heard by nobody and never be deleted."""
    for offer in _untold(hotline):
        sid = offer.recording or ""
        try:
            found = hotline.carrier.recorded(sid)
        except Gone:
            continue
        except Unreachable as error:
            log.warning("recordings not asked for", error=str(error))
            return
        except Refused as error:
            log.error("carrier refused to tell of a recording", recording=sid, error=str(error))
            continue
        if found is not None:
            finished(hotline, Told(sid, offer.call_sid, *found, kind="talk"))


def _untold(hotline: Hotline) -> list[Offer]:
    now = hotline.now()
    with hotline.store.reading() as tx:
        return offers.recorded_between(tx, now - LOOKED_FOR, now - USUALLY_TOLD, select(recordings.c.sid))


def expire(hotline: Hotline) -> None:
    """Delete at the carrier what has been kept as long as the configuration says; a carrier that is away is
    asked again in the next round."""
    recording = hotline.config.hotline.recording
    if recording is None:
        return
    for sid in _expired(hotline, hotline.now() - timedelta(days=recording.keep_days)):
        try:
            hotline.carrier.delete_recording(sid)
        except Gone:
            pass  # by an earlier round that was killed, or by somebody's hand
        except Unreachable as error:
            log.warning("recordings not deleted", error=str(error))
            return
        except Refused as error:
            log.error("carrier refused to delete a recording", recording=sid, error=str(error))
            continue
        _deleted(hotline, sid, recording.keep_days)


def _expired(hotline: Hotline, before: datetime) -> list[str]:
    r = recordings.c
    oldest = select(r.sid).where(KEPT, r.created_at < before).order_by(r.created_at).limit(AT_ONCE)
    with hotline.store.reading() as tx:
        return list(tx.scalars(oldest))


def _deleted(hotline: Hotline, sid: str, days: int) -> None:
    def work(tx: Connection) -> None:
        now, r = hotline.now(), recordings.c
        gone = update(recordings).where(r.sid == sid, KEPT).values(deleted_at=now)
        row = tx.execute(gone.returning(r.kind, r.ticket, r.call_sid)).one_or_none()
        if row is not None:
            what = "recorded talk" if row.kind == "talk" else row.kind
            detail = {"what": what, "days": days}
            journal.note(tx, "recording-deleted", now=now, call_sid=row.call_sid, ticket=row.ticket, **detail)

    hotline.decide(work)


def _keep(tx: Connection, call: Call, told: Told, now: datetime) -> None:
    known = tx.scalar(select(recordings.c.sid).where(recordings.c.sid == told.sid))
    if known:
        tx.execute(update(recordings).where(recordings.c.sid == told.sid).values(seconds=told.seconds))
        return
    tx.execute(
        insert(recordings).values(
            sid=told.sid,
            call_sid=call.sid,
            ticket=call.ticket,
            kind=told.kind,
            url=told.url,
            seconds=told.seconds,
            created_at=now,
        )
    )
    what = "talk-recorded" if told.kind == "talk" else "message-recorded"
    journal.note(tx, what, now=now, call_sid=call.sid, ticket=call.ticket, seconds=told.seconds)
