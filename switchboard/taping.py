"""The recording of a talk: begun when the caller has joined it, stopped when it is over.

Each talk has a recording of its own: what a caller says while waiting again, alone, is nobody's to keep.
"""

from datetime import timedelta

from sqlalchemy import Connection

from agents import offers
from agents.offers import Offer, Offered
from calls import book, outbox
from calls.book import Call
from switchboard.hotline import Hotline
from switchboard.notice import HEARD, talks_are_recorded
from switchboard.onward import talk_of

WORD_OF_THE_CALLER = timedelta(seconds=15)  # it may get lost that the caller is in the conference


def want(hotline: Hotline, tx: Connection, call: Call, offer: Offer) -> None:
    """The caller is on the way into this talk, which is to be recorded."""
    if talks_are_recorded(hotline):
        now = hotline.now()
        due = now + WORD_OF_THE_CALLER
        outbox.put(tx, _key(offer), "record", {}, now=now, call_sid=call.sid, offer=offer.id, due_at=due)


def begin(hotline: Hotline, tx: Connection, offer: Offer) -> None:
    """The caller is in the conference: record now."""
    outbox.hasten(tx, _key(offer), hotline.now())


def may_begin(tx: Connection, offer: Offer) -> bool:
    """Whether the talk goes on, and the caller knows that it is recorded."""
    call = book.find(tx, offer.call_sid)
    talk = talk_of(tx, call) if call else None
    return call is not None and call.notice == HEARD and talk is not None and talk.id == offer.id


def begun(hotline: Hotline, offer_id: str, sid: str) -> None:
    """The carrier records the talk under this SID. If the talk is over by now, it is to stop."""

    def work(tx: Connection) -> None:
        offer = offers.find(tx, offer_id)
        if offer is not None and offer.recording is None:
            offers.recorded(tx, offer, sid)
            if offer.state != Offered.ACCEPTED:
                _stop(hotline, tx, offer, sid)

    hotline.tell(work)


def stop(hotline: Hotline, tx: Connection, offer: Offer) -> None:
    """The talk is over, the call goes on."""
    if offer.recording:
        _stop(hotline, tx, offer, offer.recording)


def _stop(hotline: Hotline, tx: Connection, offer: Offer, sid: str) -> None:
    call = book.find(tx, offer.call_sid)
    key, body = f"stop-recording:{sid}", {"sid": sid, "line": call.line if call else None}
    outbox.put(tx, key, "stop-recording", body, now=hotline.now(), call_sid=offer.call_sid, offer=offer.id)


def _key(offer: Offer) -> str:
    return f"record:{offer.id}"
