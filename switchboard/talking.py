"""The talk: caller and agent meet in a conference, hold, and hang up from either side.

An agent who hangs up ends the talk, and the caller hears the ticket number. An agent whose leg breaks
off without that is missed: the caller hears an apology and waits again, at the old place. An interpreter who
leaves, in whichever way, leaves the two others talking.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from agents import offers, presence
from agents.offers import Offer, Offered, Role
from calls import book, deliveries, outbox
from calls.book import Call, note
from calls.states import State
from calls.verbs import Join
from switchboard import notice, taping
from switchboard.hotline import Hotline
from switchboard.labels import AGENT, CALLER, INTERPRETER
from switchboard.offering import (
    CALLER_GONE,
    Goes,
    connect,
    end_talk,
    give_back,
    let_all_go,
    let_go_leg,
)
from switchboard.onward import onward, talk_of
from telephony.twiml import render
from tickets import life

SERVING = (AGENT, INTERPRETER)


class NoTalk(Exception):
    """There is no call in hand to do that with."""


@dataclass(frozen=True)
class ConferenceEvent:
    """What the carrier says of a conference: its SID, the event's name, and the label of who it is about."""

    sid: str
    event: str
    label: str


def conference(hotline: Hotline, offer_id: str, told: ConferenceEvent) -> None:
    """Somebody came into the conference or left it."""

    def work(tx: Connection) -> None:
        offer = offers.find(tx, offer_id)
        call = book.find(tx, offer.call_sid) if offer else None
        if offer is None or call is None or offer.state != Offered.ACCEPTED:
            return
        if call.conference_sid != told.sid:
            call = book.change(tx, call, conference_sid=told.sid)
        match told.event, told.label:
            case "participant-join", label if label in SERVING and not notice.being_said(call):
                connect(hotline, tx, call, offer, hotline.now())
                outbox.hasten(tx, f"connect:{offer.id}", hotline.now())
            case "participant-join", label if label == CALLER:
                _joined(hotline, tx, _has_heard(tx, call), offer)
                taping.begin(hotline, tx, offer)

    hotline.tell(work)


def join(hotline: Hotline, call_sid: str, offer_id: str) -> str:
    """The caller has left the queue for the agent; should the agent be gone by now, the caller waits on."""

    def work(tx: Connection) -> str:
        offer, call = offers.find(tx, offer_id), book.find(tx, call_sid)
        if offer is not None and call is not None and _meant_for(offer, call):
            words = notice.words(hotline, call)
            if words:
                call = book.change(tx, call, notice=notice.begin(hotline, call))
            _joined(hotline, tx, call, offer)
            return render((*words, Join(offer.id, CALLER)), hotline.links, call.step)
        return _on_after(hotline, tx, call)

    return hotline.tell(work)


def talked(hotline: Hotline, call_sid: str, offer_id: str) -> str:
    """The caller is out of the conference: good-bye with the ticket number, or back into the queue, or into
    the next talk where one has begun meanwhile."""

    def work(tx: Connection) -> str:
        call = book.find(tx, call_sid)
        talk = talk_of(tx, call) if call else None
        if call is None or (talk is not None and talk.id != offer_id):
            return onward(hotline, tx, call)  # word of an old talk that comes in the middle of the next
        before = deliveries.answered(tx, call_sid, f"talked:{offer_id}")
        if before is not None:
            return before
        if talk is not None:
            call = _over(hotline, tx, call, talk, dropped=_is_desk(tx, talk))
        twiml = _on_after(hotline, tx, call)
        return deliveries.keep(tx, call_sid, f"talked:{offer_id}", twiml, hotline.now())

    return hotline.tell(work)


def leg_over(hotline: Hotline, offer_id: str, leg: str) -> None:
    """The agent's leg has ended. From a telephone that is a hang-up; from a desk, where hanging up is a
    command of its own, it is a broken line."""

    def work(tx: Connection) -> None:
        offer = offers.find(tx, offer_id)
        if offer is not None and offer.state == Offered.ACCEPTED and offer.leg in (leg, None):
            call = book.find(tx, offer.call_sid)
            if call is not None and call.state == State.TALKING:
                _leaves(hotline, tx, call, offer, dropped=_is_desk(tx, offer), leg_lives=False)

    hotline.tell(work)


def hang_up(hotline: Hotline, agent: str) -> None:
    """The agent ends the talk, or the interpreter leaves it, or whoever of the two waits for the other takes
    the call no more; NoTalk where there is none."""

    def work(tx: Connection) -> None:
        pledged = offers.of_agent(tx, agent)
        if pledged is not None and pledged.state == Offered.PLEDGED:
            give_back(hotline, tx, pledged, Offered.DECLINED)
        else:
            offer, call = _in_hand(tx, agent)
            _leaves(hotline, tx, call, offer, dropped=False)

    hotline.tell(work)


def hold(hotline: Hotline, agent: str, on: bool) -> None:
    """Put the caller on hold with music, or take them back; NoTalk where there is no call."""

    def work(tx: Connection) -> None:
        offer, call = _in_hand(tx, agent)
        if offer.role != Role.AGENT:
            raise NoTalk("the agent puts the caller on hold, not the interpreter")
        if offer.joined_at is None:
            raise NoTalk("the caller has not been connected yet")
        if call.held == on:
            return
        now = hotline.now()
        call = book.change(tx, call, held=on)
        key = f"hold:{offer.id}:{call.version}"
        outbox.put(tx, key, "hold", {}, now=now, call_sid=call.sid, offer=offer.id)
        note(tx, "held" if on else "resumed", call, now, agent=agent)

    hotline.tell(work)


def unjoined(hotline: Hotline, offer: Offer) -> None:
    """The caller did not come into the conference in time: who serves is freed, the caller waits on."""

    def work(tx: Connection) -> None:
        now_offer = offers.find(tx, offer.id)
        call = book.find(tx, offer.call_sid)
        if now_offer is None or call is None or now_offer.state != Offered.ACCEPTED or now_offer.joined_at:
            return
        if call.state == State.TALKING:
            _leaves(hotline, tx, call, now_offer, dropped=True)

    hotline.tell(work)


def free_agent(hotline: Hotline, tx: Connection, offer: Offer, leg_lives: bool = True) -> None:
    """The talk is over for the agent, who now writes it up; a leg that still lives is hung up."""
    end_talk(hotline, tx, offer, _wraps_up(hotline), leg_lives=leg_lives)


def let_agents_go(hotline: Hotline, tx: Connection, call: Call) -> None:
    """The caller has gone: the agents are free, whether their telephones still ring or they talk."""
    let_all_go(hotline, tx, call, _wraps_up(hotline), CALLER_GONE)


def _wraps_up(hotline: Hotline) -> Goes:
    return partial(presence.wrap_up, seconds=hotline.config.hotline.wrap_up_seconds)


def _leaves(
    hotline: Hotline, tx: Connection, call: Call, offer: Offer, *, dropped: bool, leg_lives: bool = True
) -> None:
    """Somebody who serves the caller is out of the talk. That ends it, but for an interpreter who leaves when
    all three were together."""
    talk = talk_of(tx, call)
    if talk is None or (offer.role == Role.INTERPRETER and offer.joined_at is not None):
        free_agent(hotline, tx, offer, leg_lives)
        note(tx, "interpreter-left", call, hotline.now(), agent=offer.agent)
    else:
        _over(hotline, tx, call, talk, dropped=dropped, gone=None if leg_lives else offer)
        _send_on(hotline, tx, talk)


def _over(
    hotline: Hotline, tx: Connection, call: Call, offer: Offer, *, dropped: bool, gone: Offer | None = None
) -> Call:
    """The talk of the agent with this offer is over, for an interpreter too; the leg of `gone` is there no
    more. A caller who was `dropped`, or never came to talk at all, waits again."""
    now = hotline.now()
    for one in offers.of_call(tx, call.sid):
        free_agent(hotline, tx, one, leg_lives=gone is None or one.id != gone.id)
    taping.stop(hotline, tx, offer)
    if dropped or offer.joined_at is None:
        fresh = {"held": False, "conference_sid": None, "outcome": None, "queue_sid": None, "queued_at": now}
        if call.call_back and call.answered_at is None:  # not yet called back, and the agent is gone
            if call.leg:
                let_go_leg(tx, call.leg, hotline.links.call_back_answered(offer.id), now)
            fresh |= {"leg": None}
        queue = hotline.queue(call.queue)  # which may have been taken out during the talk
        call = book.change(tx, call, "drop", queue=queue, **fresh)
        note(tx, "agent-gone", call, now, agent=offer.agent)
        note(tx, "returned", call, now, queue=call.queue)
        return call
    call = book.change(tx, call, "finish", held=False, conference_sid=None)
    note(tx, "talk-over", call, now, agent=offer.agent)
    return call


def _send_on(hotline: Hotline, tx: Connection, offer: Offer) -> None:
    """Fetch the caller out of the conference, where nobody is left to talk to."""
    body = {"url": hotline.links.talked(offer.id)}
    key, now = f"send-on:{offer.id}", hotline.now()
    outbox.put(tx, key, "redirect", body, now=now, call_sid=offer.call_sid, offer=offer.id)


def _on_after(hotline: Hotline, tx: Connection, call: Call | None) -> str:
    """Where a caller goes who comes out of a conference, or never got into one."""
    return onward(hotline, tx, call, hotline.say(tx, call, "agent-gone") if call else ())


def _meant_for(offer: Offer, call: Call) -> bool:
    talking = offer.state == Offered.ACCEPTED and call.state == State.TALKING
    return talking and offer.call_sid == call.sid and offer.role == Role.AGENT


def _joined(hotline: Hotline, tx: Connection, call: Call, offer: Offer) -> None:
    """The caller is there: only now the call is answered."""
    if offer.joined_at is None:
        now: datetime = hotline.now()
        book.change(tx, call, answered_at=call.answered_at or now, outcome="answered")
        for one in offers.of_call(tx, call.sid):
            offers.joined(tx, one, now)
        life.answered(tx, call.ticket, offer.agent, now)
        note(tx, "joined", call, now, agent=offer.agent)
        taping.want(hotline, tx, call, offer)


def _has_heard(tx: Connection, call: Call) -> Call:
    """The caller, who is in the conference now: what was said on the way there has been heard."""
    return book.change(tx, call, notice=notice.arrived(call)) if notice.being_said(call) else call


def _in_hand(tx: Connection, agent: str) -> tuple[Offer, Call]:
    offer = offers.of_agent(tx, agent)
    call = book.find(tx, offer.call_sid) if offer else None
    if offer is None or call is None or offer.state != Offered.ACCEPTED or call.state != State.TALKING:
        raise NoTalk("there is no call in hand")
    return offer, call


def _is_desk(tx: Connection, offer: Offer) -> bool:
    seat = presence.find(tx, offer.agent)
    return seat is not None and not seat.address.startswith("+")
