"""Call-backs at rest: until the next try of the timetable, and until callers may be called at all."""

from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from calls import book
from calls.book import Call, note
from calls.states import State
from settings.call_backs import CallBack
from settings.opening import may_be_called, open_at, out_of_hours
from store.errors import StoreUnavailable
from store.statements import pass_in_turn
from switchboard.hotline import Hotline

log = structlog.get_logger()

ASKED, GAVE_UP = "asked", "gave-up"  # why a caller has left the line


def rules(hotline: Hotline) -> CallBack:
    """How callers are called back; as without a word about it where the section was taken out meanwhile."""
    return hotline.config.hotline.call_back or CallBack()


def opens(hotline: Hotline, call: Call) -> datetime | None:
    """When this caller may be called, if not now: in the hours of the queue and, but for the first call of
    who has asked for it, in those for call-backs."""
    politely = call.left == GAVE_UP or call.dials > 0
    return may_be_called(hotline.config, hotline.queue(call.queue), hotline.now(), politely=politely)


def wake(hotline: Hotline) -> None:
    """Call-backs that have rested long enough join the line anew: who has had a turn at the end of it, others
    at the old place. Where callers may not be called now they rest on."""
    with hotline.store.reading() as tx:
        rested = book.due(tx, hotline.now())
    for sid in rested:
        try:
            hotline.decide(partial(_wake, hotline, sid=sid))
        except StoreUnavailable:
            raise
        except Exception:  # a mistake with one keeps nobody else waiting; the clock tries again
            log.exception("call-back not taken up", call=sid)


def _wake(hotline: Hotline, tx: Connection, *, sid: str) -> None:
    call = book.find(tx, sid)
    if call is None or call.due_at is None or call.due_at > hotline.now():
        return
    later = opens(hotline, call)
    if later is not None:
        book.change(tx, call, due_at=later)
        return
    pass_in_turn(tx, f"queue {call.queue}")
    now = hotline.now()
    call = book.change(tx, call, due_at=None, waiting_since=now if call.dials else call.waiting_since)
    note(tx, "call-back-in-line", call, now, queue=call.queue)


def too_late(hotline: Hotline, tx: Connection) -> list[str]:
    """The call-backs in the line whose callers may not be called any more today (see `opens`)."""
    now, polite = hotline.now(), rules(hotline).hours
    closed = out_of_hours(hotline.config, now)
    impolite = polite is not None and not open_at(hotline.config.calendar, polite, now)
    return list(tx.scalars(book.in_line(closed, unasked=impolite))) if closed or impolite else []


def rest(hotline: Hotline, sid: str) -> None:
    """This call-back rests until its caller may be called."""

    def work(tx: Connection) -> None:
        call = book.find(tx, sid)
        if call is None or call.state != State.WAITING or call.line is not None or call.due_at is not None:
            return
        later = opens(hotline, call)
        if later is not None:
            book.change(tx, call, due_at=later)

    hotline.decide(work)
