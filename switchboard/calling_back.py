"""A caller is called back: dialled once an agent has accepted, asked for a key, and brought to the agent.

A voicemail presses no key, so that nobody but a person is connected. What the carrier tells of the caller's
leg names the offer it was dialled for; the first leg of an offer stays, any other is hung up.
"""

from datetime import timedelta

from sqlalchemy import Connection

from agents import offers
from agents.offers import Offer, Offered
from calls import book
from calls.book import Call, note
from calls.states import State
from calls.verbs import Gather, HangUp, Prompt
from switchboard import ending, talking
from switchboard.call_backs import WHY, finish, in_vain
from switchboard.hotline import Hotline
from switchboard.offering import hang_up_leg
from switchboard.onward import onward
from switchboard.resting import rules
from telephony.twiml import render_call_back

# From the ring's end to the key: greeting, twice, and all that is under way.
ANSWERING = timedelta(seconds=60)
KEY_SECONDS = 6


def wanted(tx: Connection, offer_id: str) -> tuple[Offer, Call] | None:
    """The offer whose agent waits for the caller to be dialled, and the call; None: not, or not any more."""
    offer = offers.find(tx, offer_id)
    call = book.find(tx, offer.call_sid) if offer else None
    if offer is None or call is None or call.call_back is None:
        return None
    waits = offer.state == Offered.ACCEPTED and call.state == State.TALKING
    # Who has been answered, and has lost the agent since, is on the line like everybody.
    return (offer, call) if waits and call.answered_at is None else None


def dialled(hotline: Hotline, offer_id: str, leg: str) -> None:
    """The carrier dials the caller on this leg. If nobody waits for that by now, it is hung up."""
    hotline.tell(lambda tx: _on(hotline, tx, offer_id, leg))


def _on(
    hotline: Hotline, tx: Connection, offer_id: str, leg: str, *, hangs_up: bool = True
) -> tuple[Offer, Call] | None:
    """The offer and the call that this leg is for; None where it is for none, and the leg is hung up, unless
    what is said on it does so."""
    found = wanted(tx, offer_id)
    if found is not None and found[1].leg is None:
        offer, call = found
        now = hotline.now()
        call = book.change(tx, call, leg=leg, seen_at=now)
        book.called_on(tx, call, leg)
        note(tx, "dialled", call, now)
        return offer, call
    if found is not None and found[1].leg == leg:
        return found
    over = offers.find(tx, offer_id)
    known = book.find(tx, over.call_sid) if over else None
    if known is not None:
        book.called_on(tx, known, leg)  # so that late word of it makes no call of its own
    if hangs_up and (known is None or known.leg != leg):
        hang_up_leg(tx, leg, hotline.now())
    return None


def picked_up(hotline: Hotline, offer_id: str, leg: str) -> str:
    """Somebody, or something, has answered: who calls, and a question that only a person answers."""

    def work(tx: Connection) -> str:
        found = _on(hotline, tx, offer_id, leg, hangs_up=False)
        if found is None:
            return _later(hotline, tx, offer_id)
        call = found[1]
        name = hotline.config.hotline.name
        said = name.get(call.language) or next(iter(name.values()))
        words = hotline.say(tx, call, "call-back-greeting", hotline=said, ticket=call.ticket)
        question = Gather(words, digits=1, timeout=KEY_SECONDS, finish_on="")
        return render_call_back((question, question), hotline.links, offer_id)

    return hotline.tell(work)


def answered(hotline: Hotline, offer_id: str, leg: str, key: str) -> str:
    """1 connects, 2 ends it for good, anything else and silence is nobody."""
    if key == "1" and hotline.tell(lambda tx: _on(hotline, tx, offer_id, leg, hangs_up=False)) is not None:
        return talking.join(hotline, leg, offer_id)

    def work(tx: Connection) -> str:
        call = book.find(tx, leg)
        if call is not None and call.leg == leg and call.state == State.TALKING and call.answered_at:
            return onward(hotline, tx, call)  # word that came twice: in the talk already
        found = _on(hotline, tx, offer_id, leg, hangs_up=False)
        if found is None or key == "1":
            return _later(hotline, tx, offer_id)
        call = found[1]
        if key == "2":
            finish(hotline, tx, call, "declined", hangs_up=False)
            words = hotline.say(tx, call, "call-back-declined") + hotline.say(tx, call, "goodbye")
            return render_call_back((*words, HangUp()), hotline.links, offer_id)
        in_vain(hotline, tx, call, "no-key", hangs_up=False)
        return _later(hotline, tx, offer_id)

    return hotline.tell(work)


def leg_status(hotline: Hotline, offer_id: str, leg: str, status: str) -> None:
    """The caller's leg rings, was not answered, or is over."""

    def work(tx: Connection) -> None:
        if status not in ending.TERMINAL:
            _on(hotline, tx, offer_id, leg)
            return
        found = wanted(tx, offer_id)
        if found is not None and found[1].leg in (leg, None):
            book.called_on(tx, found[1], leg)
            in_vain(hotline, tx, found[1], WHY.get(status, "hung-up"))
        else:
            ending.end(hotline, tx, leg, status)

    hotline.tell(work)


def not_dialled(hotline: Hotline, tx: Connection, offer_id: str, *, refused: bool) -> None:
    """The carrier refuses to dial, or was not reached, which is no fault of the caller's."""
    found = wanted(tx, offer_id)
    if found is not None and found[1].leg is None:
        in_vain(hotline, tx, found[1], "failed", counts=refused)


def unjoined(hotline: Hotline, offer: Offer) -> None:
    """The caller did not come into the conference. One who is being dialled has the time for that."""

    def work(tx: Connection) -> bool:
        found = wanted(tx, offer.id)
        if found is None:
            return False
        longest = timedelta(seconds=rules(hotline).ring_seconds) + ANSWERING
        if offer.accepted_at is not None and offer.accepted_at + longest <= hotline.now():
            dialled = found[1].leg is not None  # by all that the carrier has told
            in_vain(hotline, tx, found[1], "no-answer" if dialled else "failed", counts=dialled)
        return True

    if not hotline.tell(work):
        talking.unjoined(hotline, offer)


def _later(hotline: Hotline, tx: Connection, offer_id: str) -> str:
    """Nobody is there for the caller now."""
    offer = offers.find(tx, offer_id)
    call = book.find(tx, offer.call_sid) if offer else None
    words: tuple[Prompt, ...] = ()
    if call is not None and call.state != State.ENDED:
        words = hotline.say(tx, call, "call-back-later")
    return render_call_back((*words, HangUp()), hotline.links, offer_id)
