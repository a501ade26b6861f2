"""What the clock does each second: it ends what nobody ended, and asks the carrier what is really live.

Everything here can be done twice, late, or by two processes at once.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from agents import offers, presence
from agents.offers import Offer, Offered
from calls import book, deliveries, outbox
from calls.states import State
from routing import receipts
from routing.floor import kept_in_vain
from store.errors import StoreUnavailable
from switchboard import calling_back, ending, offering, resting, talking
from switchboard.hotline import Hotline
from telephony.carrier import Refused, Unreachable

log = structlog.get_logger()

RING_GRACE = 3  # seconds past the deadline in which the carrier's own word of a missed ring may come
# Seconds without a webhook after which the carrier is asked whether a call lives;
# Twilio allows one request a second.
UNSEEN = {"local": 10, "twilio": 60}
KEPT = timedelta(days=2)  # how long a redelivered webhook gets its old answer, and a sent command is kept


def each_second(hotline: Hotline) -> None:
    """Deadlines: offers, callers who did not come into the conference, wrap-ups; callers who are kept for
    somebody who has gone, call-backs for whom it is too late today. Then look for work."""
    now = hotline.now()
    rung_before = now - timedelta(seconds=RING_GRACE)
    accepted_before = now - timedelta(seconds=hotline.config.hotline.join_seconds)
    sticky = any(queue.strategy == "sticky" for queue in hotline.config.queues.values())
    with hotline.store.reading() as tx:
        overdue = offers.overdue(tx, rung_before, accepted_before)
        written = presence.overdue(tx, now)
        kept = kept_in_vain(tx) if sticky else []
        late = resting.too_late(hotline, tx)
    for offer in overdue:
        if offer.state != Offered.OFFERED:
            _each(calling_back.unjoined, hotline, offer)
    for name in written:
        _each(_written_up, hotline, name)
    for sid in kept:
        _each(_keep_no_longer, hotline, sid)
    for sid in late:
        _each(resting.rest, hotline, sid)
    unanswered = [offer for offer in overdue if offer.state == Offered.OFFERED]
    over = _miss if _carrier_answers(hotline, unanswered) else _take_back
    for offer in unanswered:
        _each(over, hotline, offer.id)
    hotline.runner.kick()


def _carrier_answers(hotline: Hotline, rung: list[Offer]) -> bool:
    """Whether the carrier is there. A telephone cannot ring, nor can an acceptance arrive, while it is not:
    that is nobody's miss. Asked once, and only for what rings by its word."""
    leg = next((offer.leg for offer in rung if offer.leg), None)
    try:
        if leg:
            hotline.carrier.fetch_call(leg)
    except Refused:
        return True
    except Unreachable as error:
        log.warning("carrier not reached, so nobody has missed a call", error=str(error))
        return False
    return True


def _each(work: Callable[..., None], hotline: Hotline, what: object) -> None:
    """Do one thing; a mistake in it keeps nobody else waiting."""
    try:
        work(hotline, what)
    except (StoreUnavailable, Unreachable, Refused):
        raise
    except Exception:
        log.exception("not swept", work=work.__name__, what=str(what))


def reconcile(hotline: Hotline) -> None:
    """Calls and agents' legs that the carrier no longer knows are over, whatever got lost on the way."""
    with hotline.store.reading() as tx:
        before = hotline.now() - timedelta(seconds=UNSEEN[hotline.config.hotline.carrier])
        quiet = book.silent(tx, before)
        under_way = [offer for offer in offers.live(tx) if offer.created_at < before]
    if not quiet and not under_way:
        return
    try:
        alive = {leg.sid for leg in hotline.carrier.live_calls()}
        over = [call.line for call in quiet if call.line and call.line not in alive]
        for line in over:
            _each(_call_lost, hotline, line)
        for offer in under_way:
            if offer.leg and offer.leg not in alive:
                _each(_leg_lost, hotline, offer)
    except (Unreachable, Refused) as error:
        log.warning("carrier not asked what is live", error=str(error))


def tidy(hotline: Hotline) -> None:
    """Forget what nobody will ask for again."""
    before = hotline.now() - KEPT

    def work(tx: Connection) -> None:
        deliveries.forget(tx, before)
        outbox.forget(tx, before)
        receipts.forget(tx, hotline.now())

    hotline.decide(work)


def _miss(hotline: Hotline, offer_id: str) -> None:
    def work(tx: Connection) -> None:
        offer = offers.find(tx, offer_id)
        if offer is None or offer.state != Offered.OFFERED:
            return
        if offer.leg is None:
            offering.take_back(hotline, tx, offer)  # nothing ever rang: not the agent's fault
        else:
            offering.give_back(hotline, tx, offer, Offered.MISSED)

    hotline.tell(work)


def _written_up(hotline: Hotline, name: str) -> None:
    def work(tx: Connection) -> None:
        seat, now = presence.find(tx, name), hotline.now()
        # Looked at again: meanwhile the agent may be at the notes of the next call.
        if seat is not None and presence.is_overdue(seat, now):
            presence.wrapped_up(tx, seat, now)

    hotline.tell(work)


def _keep_no_longer(hotline: Hotline, sid: str) -> None:
    def work(tx: Connection) -> None:
        call = book.find(tx, sid)
        if call is not None and call.state == State.WAITING and call.wants is not None:
            seat = presence.find(tx, call.wants)
            if seat is None or not presence.on_duty(seat):
                book.change(tx, call, wants=None)

    hotline.tell(work)


def _call_lost(hotline: Hotline, line: str) -> None:
    status = hotline.carrier.fetch_call(line) or "failed"
    if status in ending.TERMINAL:
        hotline.tell(lambda tx: ending.end(hotline, tx, line, status))


def _leg_lost(hotline: Hotline, offer: Offer) -> None:
    leg = offer.leg or ""
    status = hotline.carrier.fetch_call(leg)
    if status is None:
        _take_back(hotline, offer.id)
    elif status in ending.TERMINAL:
        offering.leg_status(hotline, offer.id, leg, status)
    if status is None or status in ending.TERMINAL:
        talking.leg_over(hotline, offer.id, leg)


def _take_back(hotline: Hotline, offer_id: str) -> None:
    def work(tx: Connection) -> None:
        offer = offers.find(tx, offer_id)
        if offer is not None and offer.state in offers.UNDECIDED:
            offering.take_back(hotline, tx, offer)

    hotline.tell(work)
