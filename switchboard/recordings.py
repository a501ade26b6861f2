"""Recordings belong to the ticket; the carrier tells of each one twice, in the call and on its own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from calls import book, journal
from calls.book import Call
from ivr.events import Recorded
from store.tables import recordings
from switchboard.hotline import Hotline


@dataclass(frozen=True)
class Told:
    """A recording as the carrier's own callback tells of it."""

    sid: str
    call_sid: str
    url: str
    seconds: int


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
            kind="message",
            url=told.url,
            seconds=told.seconds,
            created_at=now,
        )
    )
    journal.note(tx, "message-recorded", now=now, call_sid=call.sid, ticket=call.ticket, seconds=told.seconds)
