"""A waiting call and the agents it is offered to: accepted, declined, missed or withdrawn.

Several may be rung for one call at once; who accepts first has it, and it returns to the queue when the last
of them has not taken it. An agent and an interpreter take it together: who accepts first has pledged it and
waits for the other, and where one of them does not take it, both offers are over. Whatever happens to one of
a call's offers changes the call's row too: so of two at once the second sees the first.

Rows are changed in this order wherever that is possible: the agents by their names, the call, the offers,
the ticket. Where two processes still wait for each other in a ring, PostgreSQL ends one of them, which starts
over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from agents import offers, presence
from agents.offers import Offer, Offered, Role
from agents.presence import Presence, Seat
from calls import book, outbox
from calls.book import Call, note
from calls.states import Overtaken, State
from calls.verbs import Gather, HangUp, Join, Prompt
from routing import receipts
from routing.dispatch import match, move, possible
from routing.rulebook import Rulebook
from store.statements import at_one_moment
from switchboard import resting
from switchboard.hotline import Hotline
from switchboard.labels import AGENT, INTERPRETER
from switchboard.notice import being_said, patience
from switchboard.prompts import heard
from switchboard.today import today
from telephony.twiml import render_offer

# How a leg that was never accepted can end, and what that says of the agent.
UNANSWERED = {"busy": Offered.DECLINED, "no-answer": Offered.MISSED, "completed": Offered.MISSED}

Goes = Callable[[Connection, Seat, datetime], None]  # what an agent does next, for whom it rings

LABELS = {Role.AGENT: AGENT, Role.INTERPRETER: INTERPRETER}

# Why an agent for whom it rang is ready again, as the desk says it.
TAKEN, OTHER_GONE, CALLER_GONE, LOST = "taken", "other-gone", "caller-gone", "lost"

AFTER_MISSES = {"pause": Presence.PAUSED, "ready": Presence.READY, "offline": Presence.OFFLINE}


@dataclass(frozen=True)
class Round:
    """How many calls were given out, and when the next one is `due` of itself; None: at no time. `unsent`
    says that there is something to tell the carrier."""

    made: int
    due: datetime | None
    unsent: bool


def dispatch(hotline: Hotline) -> Round:
    """Let callers wait elsewhere who are due for it, and offer waiting calls to ready agents until no pair is
    left."""
    made = 0
    look = _look(hotline)
    if look.rested:
        resting.wake(hotline)
        look = _look(hotline)
    while look.possible:
        made += hotline.decide(lambda tx: _next(hotline, tx))
        look = _look(hotline)
    return Round(made, look.due, look.unsent)


@dataclass(frozen=True)
class _Look:
    """Whether call-backs have rested long enough, and whether a call can be given out or moved; if neither,
    when that changes of itself. `unsent` as in `Round`."""

    rested: bool
    possible: bool
    due: datetime | None
    unsent: bool


def _look(hotline: Hotline) -> _Look:
    now = hotline.now()
    with hotline.store.reading() as tx:  # most events lead to no offer, and a look keeps no writer waiting
        force = today(hotline, tx)
        found = possible(tx, force.rulebook, now)
        rested = book.next_due(tx)
        unsent = outbox.any_due(tx, now)
    turns = [turn for turn in (found, force.until, rested) if isinstance(turn, datetime) and turn > now]
    return _Look(rested is not None and rested <= now, found is True, min(turns, default=None), unsent)


def _next(hotline: Hotline, tx: Connection) -> bool:
    at_one_moment(tx)
    rulebook = today(hotline, tx).rulebook
    return _move(hotline, tx, rulebook) or _offer(hotline, tx, rulebook)


def _move(hotline: Hotline, tx: Connection, rulebook: Rulebook) -> bool:
    now = hotline.now()
    moved = move(tx, rulebook, now)
    if moved is None:
        return False
    before = {"from_queue": moved.queue, "from_priority": moved.priority}
    note(tx, "moved", moved.call, now, queue=moved.call.queue, **before)
    return True


def _offer(hotline: Hotline, tx: Connection, rulebook: Rulebook) -> bool:
    found = match(tx, rulebook, hotline.now())
    if found is None:
        return False
    now = hotline.now()  # after all that the match had to wait for: offers are dated in their order
    deadline = now + timedelta(seconds=hotline.config.hotline.offer_seconds)
    made = [
        offers.make(tx, found.call.sid, seat.name, now, deadline, place)
        for place, seat in enumerate(found.seats)
    ]
    receipts.write(tx, made[0].id, found.choice, rulebook, found.at, now)
    for offer, seat in zip(made, found.seats, strict=True):
        note(tx, "offered", found.call, now, agent=seat.name, offer=offer.id)
        _ring(tx, offer, seat, now)
    if found.interpreter is not None:
        name, beside = found.interpreter.name, made[0]
        offer = offers.make(tx, found.call.sid, name, now, deadline, len(made), beside.conference)
        note(tx, "interpreter-offered", found.call, now, agent=name, offer=offer.id)
        _ring(tx, offer, found.interpreter, now)
    return True


def _ring(tx: Connection, offer: Offer, seat: Seat, now: datetime) -> None:
    key, to = f"ring:{offer.id}", {"to": seat.address}
    outbox.put(tx, key, "ring", to, now=now, call_sid=offer.call_sid, offer=offer.id)


def rung(hotline: Hotline, offer_id: str, leg: str) -> None:
    """The carrier rings the agent on this leg. If the offer is over by now, the leg is hung up."""

    def work(tx: Connection) -> None:
        offers.leg_is(tx, offer_id, leg)
        offer = offers.find(tx, offer_id)
        if offer is None or offer.state not in offers.LIVE or offer.leg != leg:
            hang_up_leg(tx, leg, hotline.now())

    hotline.tell(work)


def picked_up(hotline: Hotline, offer_id: str, leg: str) -> str:
    """The agent's telephone was answered: a desk has accepted with that, a telephone is asked for a key."""

    def work(tx: Connection) -> str:
        offer = offers.find(tx, offer_id)
        seat = presence.find(tx, offer.agent) if offer else None
        rings = offer is not None and offer.state == Offered.OFFERED
        if offer is not None and rings and seat is not None and _asks_for_a_key(seat.address):
            asked = _words(hotline, tx, offer, _name_of_offer(tx, offer))
            return render_offer((Gather(asked),), hotline.links, offer.id)
        return _accept(hotline, tx, offer, leg)

    return hotline.tell(work)


def accept(hotline: Hotline, offer_id: str, leg: str, key: str) -> str:
    """The agent at a telephone pressed a key: 1 accepts, anything else declines."""

    def work(tx: Connection) -> str:
        offer = offers.find(tx, offer_id)
        if key == "1":
            return _accept(hotline, tx, offer, leg)
        if offer is not None and offer.state == Offered.OFFERED:
            give_back(hotline, tx, offer, Offered.DECLINED)
        return _let_go(hotline, offer_id)

    return hotline.tell(work)


def _accept(hotline: Hotline, tx: Connection, offer: Offer | None, leg: str) -> str:
    """Compare and set: whoever comes second, or too late, hears so and is let go."""
    now = hotline.now()
    if offer is None:
        return _let_go(hotline, "")
    call, seat = book.find(tx, offer.call_sid), presence.find(tx, offer.agent)
    offer = offers.find(tx, offer.id) or offer  # after the call: it tells who accepted what the call tells of
    if offer.state == Offered.ACCEPTED and offer.leg == leg:
        return _conference(hotline, offer, call)
    if offer.state == Offered.PLEDGED and offer.leg == leg:
        return _until_the_other_comes(hotline, tx, offer)
    if offer.state != Offered.OFFERED or call is None or call.state != State.OFFERED or seat is None:
        return _let_go(hotline, offer.id, _words(hotline, tx, offer, _name_of_end(tx, call, offer)))
    if offer.leg is None:
        offers.leg_is(tx, offer.id, leg)
        offer = offers.find(tx, offer.id) or offer
    other = offers.other_of(tx, offer)
    if other is not None:
        return _pledge(hotline, tx, call, offer, other)
    others = [other for other in offers.of_call(tx, call.sid) if other.id != offer.id]
    taken = partial(presence.release, reason=TAKEN)
    _presence(tx, {offer.agent: presence.talk} | {other.agent: taken for other in others}, now)
    call = book.change(tx, call, "talk", agent=offer.agent)
    offers.settle(tx, offer, Offered.ACCEPTED, now)
    for other in others:
        _ends(tx, call, other, Offered.WITHDRAWN, now)
    note(tx, "accepted", call, now, agent=offer.agent, offer=offer.id)
    # The agent's coming into the conference connects the caller, or the end of the notice that is being said;
    # should word of it be lost, the clock does.
    connect(hotline, tx, call, offer, now + patience(hotline, call))
    return _conference(hotline, offer, call)


def _pledge(hotline: Hotline, tx: Connection, call: Call, offer: Offer, other: Offer) -> str:
    """The agent or the interpreter accepts. The first waits for the second, with whom both have the call."""
    now = hotline.now()
    if other.state != Offered.PLEDGED:
        book.change(tx, call)
        offers.settle(tx, offer, Offered.PLEDGED, now)
        note(tx, "pledged", call, now, agent=offer.agent, offer=offer.id)
        return _until_the_other_comes(hotline, tx, offer)
    of_agent, of_interpreter = (offer, other) if offer.role == Role.AGENT else (other, offer)
    _presence(tx, {offer.agent: presence.talk, other.agent: presence.talk}, now)
    call = book.change(tx, call, "talk", agent=of_agent.agent)
    for one in (of_agent, of_interpreter):
        offers.settle(tx, one, Offered.ACCEPTED, now)
        note(tx, "accepted", call, now, agent=one.agent, offer=one.id)
    connect(hotline, tx, call, of_agent, now + patience(hotline, call))
    return _conference(hotline, offer, call)


def connect(hotline: Hotline, tx: Connection, call: Call, offer: Offer, due: datetime) -> None:
    """Take the caller out of the queue and into the agent's conference, once, at `due`; who is not on the
    line is dialled."""
    outbox.put(
        tx,
        f"connect:{offer.id}",
        "connect" if call.line else "dial",
        {"url": hotline.links.join(offer.id)},
        now=hotline.now(),
        call_sid=call.sid,
        offer=offer.id,
        due_at=due,
    )


def leg_status(hotline: Hotline, offer_id: str, leg: str, status: str) -> None:
    """The agent's leg rings, was not answered, or is over."""

    def work(tx: Connection) -> None:
        offers.leg_is(tx, offer_id, leg)
        offer = offers.find(tx, offer_id)
        if offer is None or offer.leg != leg:
            return
        over = status in UNANSWERED or status in ("failed", "canceled")
        if offer.state not in offers.LIVE and not over:
            hang_up_leg(tx, leg, hotline.now())  # first heard of when nobody wanted it any more
        if offer.state not in offers.UNDECIDED or not over:
            return
        if status in UNANSWERED:
            give_back(hotline, tx, offer, UNANSWERED[status])
        else:
            unreachable(hotline, tx, offer)

    hotline.tell(work)


def give_back(hotline: Hotline, tx: Connection, offer: Offer, state: Offered) -> None:
    """The agent did not take the call: it goes back to its place in the queue. Who declined is paused, what a
    miss does is as configured."""
    rules = hotline.config.hotline.presence

    def goes(tx: Connection, seat: Seat, now: datetime) -> None:
        if state == Offered.MISSED:
            presence.miss(tx, seat, now, AFTER_MISSES[rules.missed], rules.misses)
        else:
            presence.rest(tx, seat, now, str(state))

    _over(hotline, tx, offer, state, goes)


def unreachable(hotline: Hotline, tx: Connection, offer: Offer) -> None:
    """Nobody can be rung at the agent's address: the agent is offline, the call keeps its place."""
    _over(hotline, tx, offer, Offered.MISSED, presence.vanish)


def take_back(hotline: Hotline, tx: Connection, offer: Offer) -> None:
    """The carrier has lost the ring, or cannot be asked for one: the call waits at its old place, and the
    agent is ready behind the others."""
    _over(hotline, tx, offer, Offered.WITHDRAWN, partial(presence.give_way, reason=LOST))


def withdraw(hotline: Hotline, tx: Connection, call: Call, offer: Offer, why: str) -> None:
    """The call needs this offer no more: the agent's telephone stops ringing, the idle time goes on, and the
    desk says why. Who has pledged it already is told."""
    now = hotline.now()
    _presence(tx, {offer.agent: partial(presence.release, reason=why)}, now)
    _released(hotline, tx, call, offer, now)


def _over(hotline: Hotline, tx: Connection, offer: Offer, state: Offered, goes: Goes) -> None:
    """End an offer that nobody accepted, and with it that of the other of a pair. The call waits again at its
    old place when it was the last one."""
    now = hotline.now()
    call = book.find(tx, offer.call_sid)
    if call is None or call.state != State.OFFERED:
        raise Overtaken(offer.id)  # it has ended since it was read, and the call knows
    beside = [other for other in offers.of_call(tx, call.sid) if other.id != offer.id]
    innocent = [other for other in beside if other.conference == offer.conference]
    other_gone = partial(presence.release, reason=OTHER_GONE)
    _presence(tx, {offer.agent: goes} | {other.agent: other_gone for other in innocent}, now)
    book.change(tx, call, None if len(innocent) < len(beside) else "return")
    _ends(tx, call, offer, state, now)
    for other in innocent:
        _released(hotline, tx, call, other, now)


def end_talk(hotline: Hotline, tx: Connection, offer: Offer, goes: Goes, *, leg_lives: bool = True) -> None:
    """What the agent accepted is over, and the agent does what `goes` says; a leg that still lives is hung
    up."""
    now = hotline.now()
    seat = presence.find(tx, offer.agent)
    if seat is not None and seat.state == Presence.TALKING:
        goes(tx, seat, now)
    offers.settle(tx, offer, Offered.ENDED, now)
    if offer.leg and leg_lives:
        hang_up_leg(tx, offer.leg, now)


def let_all_go(hotline: Hotline, tx: Connection, call: Call, goes: Goes, why: str) -> list[Offer]:
    """The call needs nobody any more, whether telephones still ring, and `why` is told, or somebody has
    accepted, who then does what `goes` says. Returns the offers that were live."""
    theirs = offers.of_call(tx, call.sid)
    for offer in theirs:
        if offer.state in offers.UNDECIDED:
            withdraw(hotline, tx, call, offer, why)
        else:
            end_talk(hotline, tx, offer, goes)
    return theirs


def _presence(tx: Connection, goes: Mapping[str, Goes], now: datetime) -> None:
    """Each of these agents, for whom it rings, does what stands beside the name."""
    for name in sorted(goes):
        seat = presence.find(tx, name)
        if seat is not None:
            goes[name](tx, seat, now)


def _released(hotline: Hotline, tx: Connection, call: Call, offer: Offer, now: datetime) -> None:
    """End an offer through no fault of the agent's, who is told so where that is needed."""
    if offer.state == Offered.PLEDGED and offer.leg:
        let_go_leg(tx, offer.leg, hotline.links.agent_offer(offer.id), now)
    elif offer.leg:
        hang_up_leg(tx, offer.leg, now)
    _settle(tx, call, offer, Offered.WITHDRAWN, now)


def _ends(tx: Connection, call: Call, offer: Offer, state: Offered, now: datetime) -> None:
    if offer.leg:
        hang_up_leg(tx, offer.leg, now)
    _settle(tx, call, offer, state, now)


def _settle(tx: Connection, call: Call, offer: Offer, state: Offered, now: datetime) -> None:
    offers.settle(tx, offer, state, now)
    note(tx, str(state), call, now, agent=offer.agent, offer=offer.id)


def hang_up_leg(tx: Connection, leg: str, now: datetime) -> None:
    """End a leg at the carrier, whatever it is doing."""
    outbox.put(tx, f"hang-up:{leg}", "hang-up", {"sid": leg}, now=now)


def let_go_leg(tx: Connection, leg: str, url: str, now: datetime) -> None:
    """End a leg with the words at `url`, if somebody is there to hear them."""
    outbox.put(tx, f"let-go:{leg}", "let-go", {"sid": leg, "url": url}, now=now)


def _conference(hotline: Hotline, offer: Offer, call: Call | None) -> str:
    """Into the conference, with music while the caller still hears the notice, or is being dialled."""
    music = call is not None and (being_said(call) or call.line is None)
    return render_offer((Join(offer.conference, LABELS[offer.role], music=music),), hotline.links, offer.id)


def _until_the_other_comes(hotline: Hotline, tx: Connection, offer: Offer) -> str:
    """Into the conference, where music plays until the other of the pair is there too."""
    awaited = "waiting-interpreter" if offer.role == Role.AGENT else "waiting-agent"
    join = Join(offer.conference, LABELS[offer.role], music=True)
    return render_offer((*_words(hotline, tx, offer, awaited), join), hotline.links, offer.id)


def _name_of_offer(tx: Connection, offer: Offer) -> str:
    """Which words ask whether the call is taken."""
    if offer.role == Role.INTERPRETER:
        return "offer-interpreting"
    if offers.other_of(tx, offer):
        return "offer-interpreted"
    call = book.find(tx, offer.call_sid)
    return "offer" if call and call.line else "offer-call-back"


def _let_go(hotline: Hotline, offer_id: str, words: tuple[Prompt, ...] = ()) -> str:
    return render_offer((*words, HangUp()), hotline.links, offer_id)


def _asks_for_a_key(address: str) -> bool:
    """A telephone may be answered by a voicemail; a seat in the browser only by the agent's own click."""
    return address.startswith("+")


def _name_of_end(tx: Connection, call: Call | None, offer: Offer) -> str:
    """Which words tell why there is no call for this agent any more."""
    if call is None or call.state == State.ENDED:
        return "caller-gone"
    return "other-gone" if offer.state == Offered.WITHDRAWN and offers.other_of(tx, offer) else "taken"


def _words(hotline: Hotline, tx: Connection, offer: Offer, name: str) -> tuple[Prompt, ...]:
    """Words for the agent, in the first language that the agent speaks, about the caller's."""
    config, texts = hotline.config, hotline.setup().menu.texts
    call, agent = book.find(tx, offer.call_sid), config.agents.get(offer.agent)
    spoken = (agent.languages if agent else config.hotline.languages)[0]
    return heard(texts.say(name, spoken, about=call.language if call else spoken), hotline.links)
