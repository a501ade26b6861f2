"""The end of a call, however it comes: hung up, broken off, or found dead by the clock."""

from sqlalchemy import Connection

from agents import offers
from agents.offers import Offered
from calls import book
from calls.book import Call
from calls.states import State
from switchboard.hotline import Hotline
from switchboard.offering import hang_up_leg, note, withdraw
from switchboard.talking import free_agent
from tickets import life

# A call that ends without anybody having said how, by the carrier's last word on it.
OUTCOMES = {"completed": "abandoned", "canceled": "abandoned", "no-answer": "abandoned"}
TERMINAL = ("completed", "busy", "no-answer", "canceled", "failed")


def status(hotline: Hotline, call_sid: str, status: str) -> None:
    """The carrier tells how the call stands; only that it has ended is news."""
    if status in TERMINAL:
        hotline.tell(lambda tx: end(hotline, tx, call_sid, status))


def end(hotline: Hotline, tx: Connection, call_sid: str, status: str) -> None:
    """End a call, once, whoever asks: offer withdrawn or talk ended, and the ticket says how it went."""
    call = book.find(tx, call_sid)
    if call is None or call.state == State.ENDED:
        return
    now = hotline.now()
    _let_agent_go(hotline, tx, call)
    outcome = call.outcome or OUTCOMES.get(status, "failed")
    call = book.change(tx, call, "end", ended_at=now, seen_at=now, outcome=outcome)
    if life.ended(tx, call.ticket, outcome, now) and life.owes_a_call(outcome):
        note(tx, "call-back-due", call, now)
    note(tx, "ended", call, now, outcome=outcome, status=status)


def _let_agent_go(hotline: Hotline, tx: Connection, call: Call) -> None:
    offer = offers.of_call(tx, call.sid)
    if offer is None:
        return
    if offer.state == Offered.OFFERED:
        withdraw(hotline, tx, offer)
        return
    free_agent(hotline, tx, offer)
    if offer.leg:
        hang_up_leg(tx, offer.leg, hotline.now())
