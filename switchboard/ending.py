"""The end of a call, however it comes: hung up, broken off, or found dead by the clock."""

from sqlalchemy import Connection

from calls import book
from calls.book import note
from calls.states import State
from switchboard import call_backs
from switchboard.hotline import Hotline
from switchboard.menu import Arrival, register
from switchboard.talking import let_agents_go
from tickets import life

# A call that ends without anybody having said how, by the carrier's last word on it.
OUTCOMES = {"completed": "abandoned", "canceled": "abandoned", "no-answer": "abandoned"}
TERMINAL = ("completed", "busy", "no-answer", "canceled", "failed")


def status(hotline: Hotline, arrival: Arrival, status: str) -> None:
    """The carrier tells how the call stands; only that it has ended is news. A call that nobody registered
    (its first webhook was lost) leaves its ticket now."""

    def work(tx: Connection) -> None:
        if arrival.sid and book.find(tx, arrival.sid) is None:
            register(hotline, tx, arrival)
        end(hotline, tx, arrival.sid, status)

    if status in TERMINAL:
        hotline.tell(work)


def end(hotline: Hotline, tx: Connection, call_sid: str, status: str) -> None:
    """End a call, once, whoever asks: offer withdrawn or talk ended, and the ticket says how it went. Who is
    to be called back has only left the line."""
    call = book.find(tx, call_sid)
    if call is None or call.state == State.ENDED or call.line != call_sid:
        return
    outcome = call.outcome or OUTCOMES.get(status, "failed")
    if call_backs.keeps(hotline, tx, call, outcome, status):
        return
    now = hotline.now()
    let_agents_go(hotline, tx, call)
    call = book.change(tx, call, "end", ended_at=now, seen_at=now, outcome=outcome)
    if life.ended(tx, call.ticket, outcome, now) and life.owes_a_call(outcome):
        note(tx, "call-back-due", call, now)
    note(tx, "ended", call, now, outcome=outcome, status=status)
