"""What the clock does each second: it ends what nobody ended, and asks the carrier what is really live.

Everything here can be done twice, late, or by two processes at once.
"""

from datetime import timedelta

import structlog
from sqlalchemy import Connection

from agents import offers, presence
from agents.offers import Offered
from agents.presence import Presence
from calls import book, deliveries, outbox
from switchboard import ending, offering, talking
from switchboard.hotline import Hotline
from telephony.carrier import Refused, Unreachable

log = structlog.get_logger()

RING_GRACE = 3  # seconds past the deadline in which the carrier's own word of a missed ring may come
UNSEEN = 10  # seconds without a webhook after which the carrier is asked whether the call lives
KEPT = timedelta(days=2)  # how long a redelivered webhook gets its old answer, and a sent command is kept


def each_second(hotline: Hotline) -> None:
    """Deadlines: offers, callers who did not come into the conference, wrap-ups. Then look for work."""
    now = hotline.now()
    with hotline.store.reading() as tx:
        missed = offers.overdue(tx, now - timedelta(seconds=RING_GRACE))
        stranded = offers.unjoined(tx, now - timedelta(seconds=hotline.config.hotline.join_seconds))
        written = presence.overdue(tx, now)
    for offer in missed:
        _miss(hotline, offer.id)
    for offer in stranded:
        talking.unjoined(hotline, offer)
    for name in written:
        _wrapped_up(hotline, name)
    hotline.runner.kick()


def reconcile(hotline: Hotline) -> None:
    """Calls and agents' legs that the carrier no longer knows are over, whatever got lost on the way."""
    with hotline.store.reading() as tx:
        quiet = book.live(tx, unseen_since=hotline.now() - timedelta(seconds=UNSEEN))
        under_way = offers.live(tx)
    if not quiet and not under_way:
        return
    try:
        alive = {leg.sid for leg in hotline.carrier.live_calls()}
        over = [call for call in quiet if call.sid not in alive]
        for call in over:
            ending.status(hotline, call.sid, hotline.carrier.fetch_call(call.sid) or "failed")
        for offer in under_way:
            if offer.leg and offer.leg not in alive:
                _leg_lost(hotline, offer.id, offer.leg)
    except (Unreachable, Refused) as error:
        log.warning("carrier not asked what is live", error=str(error))


def tidy(hotline: Hotline) -> None:
    """Forget what nobody will ask for again."""
    before = hotline.now() - KEPT

    def work(tx: Connection) -> None:
        deliveries.forget(tx, before)
        outbox.forget(tx, before)

    hotline.decide(work)


def _miss(hotline: Hotline, offer_id: str) -> None:
    def work(tx: Connection) -> None:
        offer = offers.find(tx, offer_id)
        if offer is not None and offer.state == Offered.OFFERED:
            offering.give_back(hotline, tx, offer, Offered.MISSED)

    hotline.tell(work)


def _leg_lost(hotline: Hotline, offer_id: str, leg: str) -> None:
    status = hotline.carrier.fetch_call(leg)
    if status is None:
        hotline.tell(lambda tx: _take_back(hotline, tx, offer_id))
    elif status in ending.TERMINAL:
        offering.leg_status(hotline, offer_id, leg, status)
    if status is None or status in ending.TERMINAL:
        talking.leg_over(hotline, offer_id)


def _take_back(hotline: Hotline, tx: Connection, offer_id: str) -> None:
    offer = offers.find(tx, offer_id)
    if offer is not None and offer.state == Offered.OFFERED:
        offering.take_back(hotline, tx, offer)


def _wrapped_up(hotline: Hotline, name: str) -> None:
    def work(tx: Connection) -> None:
        seat = presence.find(tx, name)
        if seat is not None and seat.state == Presence.WRAPPING_UP:
            presence.wrapped_up(tx, seat, hotline.now())

    hotline.tell(work)
