"""Call-backs: a caller leaves the line and keeps the place in it.

The call waits on in its lane, with nobody on the line: its order, urgency and receipts are those of everybody
who waits. When an agent has accepted, the caller is dialled (see `calling_back`). In vain, it rests until the
next try of the timetable and then joins the line anew, behind all who wait by then: it has had its turn.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from agents import presence
from agents.offers import Role
from calls import book
from calls.book import Call, note
from calls.states import State
from ivr import call_back as dialogue
from ivr.place import Place
from ivr.step import MAX_TURNS
from switchboard.hotline import Hotline
from switchboard.offering import CALLER_GONE, hang_up_leg, let_all_go
from switchboard.resting import ASKED, GAVE_UP, opens, rules
from tickets import life
from tickets.find import under_way
from tickets.phone import dialable, e164, masked, mobile, national

DAY = timedelta(hours=24)  # in which keyed numbers are counted
# How a leg that came to no talk can end, and what that is called.
WHY = {"no-answer": "no-answer", "busy": "busy", "failed": "failed", "canceled": "no-answer"}

UNSERVED = ("abandoned", "failed")  # by the caller's own doing, or because the line broke off

STRAIGHT = {State.OFFERED: "return", State.MENU: "enqueue", State.TALKING: "drop"}  # back into the queue


def offered(hotline: Hotline, call: Call) -> bool:
    """Whether the timeline of the queue offers a call-back by now to a caller who waits on the line."""
    if call.state != State.WAITING or call.call_back or call.waiting_since is None or call.step >= MAX_TURNS:
        return False
    if hotline.config.hotline.call_back is None:
        return False
    waited = (hotline.now() - call.waiting_since).total_seconds()
    after = hotline.config.queues[hotline.queue(call.queue)].call_back_after
    return after is not None and after <= waited


def begin(hotline: Hotline, call_sid: str) -> None:
    """The caller wants to be called back: out of the line for as long as the number is asked for."""

    def work(tx: Connection) -> None:
        call = book.find(tx, call_sid)
        if call is None or not offered(hotline, call):
            return
        place = Place(call.at, call.language, call.tries, call.entered, call.step)
        asks = dialogue.begin(place, _dialled(hotline, call, call.caller))
        now = hotline.now()
        call = book.change(tx, call, "leave", tries=0, entered=dict(asks.entered), seen_at=now)
        note(tx, "call-back-wanted", call, now)

    hotline.decide(work)


def asked(hotline: Hotline, tx: Connection, call: Call) -> dialogue.Asked:
    """What the dialogue about the number goes by."""
    return dialogue.Asked(
        hotline.queue(call.queue),
        call.priority,
        call.ticket,
        lambda digits: _dialled(hotline, call, digits),
        national,
        lambda number: _refused(hotline, tx, call, number),
    )


def called(hotline: Hotline, raw: str | None, dialled: str | None = None) -> str | None:
    """The number in E.164, if the hotline calls it; it never calls itself, neither at its own number nor at
    the one that was `dialled`, whatever callers say or claim."""
    settings = hotline.config.hotline
    own = (e164(settings.number, settings.country), e164(dialled, settings.country))
    number = dialable(raw, settings.country)
    return None if number in own else number


def _dialled(hotline: Hotline, call: Call, raw: str | None) -> str | None:
    return called(hotline, raw, call.dialled)


def _refused(hotline: Hotline, tx: Connection, call: Call, number: str) -> bool:
    """Whether there can be no call-back at this number: somebody else waits for one there, or it is not the
    caller's own and was keyed in often enough, as this caller has keyed in others."""
    if another_at(tx, call, number) is not None and not _theirs(call, number):
        return True
    if number == call.caller:
        return False
    limits, since = rules(hotline), hotline.now() - DAY
    if (tx.scalar(book.keyed_at(number, since)) or 0) >= limits.keyed_per_number:
        return True
    by_caller = tx.scalar(book.keyed_by(call.caller, since)) if call.caller else 0
    return (by_caller or 0) >= limits.keyed_per_caller


def another_at(tx: Connection, call: Call, number: str | None) -> Call | None:
    """The call, other than this one, whose caller is to be called back at this number."""
    other = book.called_back(tx, number) if number else None
    return other if other is not None and other.sid != call.sid else None


def _theirs(call: Call, number: str) -> bool:
    """Whether a call-back at this number is plainly this caller's, who calls from a mobile telephone. Behind
    any other number there may be a whole company."""
    return number == call.caller and mobile(number)


def is_theirs(hotline: Hotline, call_sid: str) -> None:
    """The caller, who waits, says that the call-back at this number is the own one, and takes its place."""

    def work(tx: Connection) -> None:
        call = book.find(tx, call_sid)
        other = another_at(tx, call, call.caller) if call and call.state == State.WAITING else None
        if call is not None and other is not None:
            book.change(tx, call, waiting_since=_take_over(hotline, tx, other, call))

    hotline.tell(work)


def agreed(hotline: Hotline, tx: Connection, call: Call, number: str) -> dict[str, Any]:
    """What changes for a caller who is to be called back at this number, and hears the good-bye first."""
    now = hotline.now()
    life.owes(tx, call.ticket, now)
    note(tx, "call-back-agreed", call, now, number=masked(number))
    left = {"call_back": number, "leg": call.line, "left": ASKED, "left_at": now, "answered_at": None}
    return left | {"waiting_since": _since(hotline, tx, call, number)}


def returns(hotline: Hotline, tx: Connection, call: Call) -> datetime | None:
    """A caller who comes into a queue and plainly was to be called back is called back no more, and keeps the
    first waiting time: since when the call waits. None: not yet."""
    return _since(hotline, tx, call, call.call_back or call.caller)


def _since(hotline: Hotline, tx: Connection, call: Call, number: str | None) -> datetime | None:
    other = another_at(tx, call, number)
    if other is None or number is None or not _theirs(call, number):
        return call.waiting_since
    return _take_over(hotline, tx, other, call)


def _take_over(hotline: Hotline, tx: Connection, older: Call, younger: Call) -> datetime | None:
    """The older call is over, and the younger one of the same number has its waiting time: since when."""
    now = hotline.now()
    finish(hotline, tx, older, "called-again")
    note(tx, "called-again", older, now, other=younger.ticket)
    note(tx, "calls-again", younger, now, other=older.ticket)
    return min((since for since in (older.waiting_since, younger.waiting_since) if since), default=None)


def is_agreed(call: Call) -> bool:
    """Whether only the good-bye is left on the line on which a call-back was agreed."""
    return call.call_back is not None and call.state == State.MENU and call.leg == call.sid


def gave_up(call: Call) -> bool:
    """Whether the caller is to be called back, nobody on the line yet, for having given up."""
    return call.left == GAVE_UP and call.line is None and call.state != State.ENDED


def keeps(hotline: Hotline, tx: Connection, call: Call, outcome: str, status: str) -> bool:
    """The line of this call has ended, with this outcome and the carrier's `status`: whether the caller is to
    be called (again)."""
    if is_agreed(call):
        _wait(hotline, tx, call)
    elif call.call_back is not None and outcome in UNSERVED:
        if another_at(tx, call, call.call_back) is not None:
            return False  # agreed while this caller was on the line: one call-back a number
        lost = status == "failed"  # by the carrier: no fault of the caller's, and no try
        in_vain(hotline, tx, call, WHY.get(status, "hung-up"), counts=not lost)
    elif call.call_back is None and outcome in UNSERVED and (number := _number(hotline, call)):
        theirs = _theirs(call, number)
        if theirs and (younger := _redialled(tx, call, number)) is not None:
            since = _take_over(hotline, tx, call, younger)
            book.change(tx, younger, waiting_since=since)
        elif not theirs and another_at(tx, call, number) is not None:
            return False  # somebody else's
        else:
            _give_up(hotline, tx, call, number, "gave-up" if outcome == "abandoned" else "line-lost")
    else:
        return False
    return True


def _redialled(tx: Connection, call: Call, number: str) -> Call | None:
    """The younger call from the same number that has come to a queue: the line of this one broke off, and
    word of that was late."""
    others = (book.find(tx, sid) for sid in under_way(tx, number))
    younger = (one for one in others if one and one.started_at > call.started_at and one.queued_at)
    return next((one for one in younger if one.call_back is None), None)


def _give_up(hotline: Hotline, tx: Connection, call: Call, number: str, why: str) -> None:
    now = hotline.now()
    free_agents(hotline, tx, call, CALLER_GONE)
    life.owes(tx, call.ticket, now)
    note(tx, why, call, now, number=masked(number))
    left = {"call_back": number, "left": GAVE_UP, "left_at": now}
    _wait(hotline, tx, call, waiting_since=_since(hotline, tx, call, number), **left)


def _number(hotline: Hotline, call: Call) -> str | None:
    """The number of a caller who has waited in a queue, and long enough to be called back."""
    call_back = hotline.config.hotline.call_back
    if call_back is None or call.answered_at:
        return None
    if call.queued_at is None or call.waiting_since is None:
        return None
    waited = (hotline.now() - call.waiting_since).total_seconds()
    number = _dialled(hotline, call, call.caller)  # none that was keyed in and not confirmed
    return number if call_back.calls_who_gave_up(waited) else None


def in_vain(
    hotline: Hotline, tx: Connection, call: Call, why: str, *, counts: bool = True, hangs_up: bool = True
) -> None:
    """The caller was not reached: the agent is free at once, and the call rests until the next try. After the
    last one a person has to call. The caller's leg is hung up, unless what is said on it does so."""
    now, dials = hotline.now(), call.dials + counts
    rests = rules(hotline).rests(dials)
    agent = free_agents(hotline, tx, call, f"call-back-{why}")
    life.owes(tx, call.ticket, now)
    note(tx, "call-back-in-vain", call, now, agent=agent, why=why.replace("-", " "))
    if rests is None:
        finish(hotline, tx, replace(call, dials=dials), "not-reached", hangs_up=hangs_up)
        return
    if call.leg and hangs_up:
        hang_up_leg(tx, call.leg, now)
    _wait(hotline, tx, call, dials=dials, due_at=now + rests)


def finish(hotline: Hotline, tx: Connection, call: Call, outcome: str, *, hangs_up: bool = True) -> None:
    """The hotline calls this caller back no more; whatever rings for it stops. `hangs_up` as in `in_vain`."""
    now = hotline.now()
    free_agents(hotline, tx, call, f"call-back-{outcome}")
    if call.leg and hangs_up:
        hang_up_leg(tx, call.leg, now)
    over = {"ended_at": now, "seen_at": now, "due_at": None, "leg": None}
    call = book.change(tx, call, "end", outcome=outcome, dials=call.dials, **over)
    life.ended(tx, call.ticket, outcome, now)
    note(tx, "ended", call, now, outcome=outcome)


def free_agents(hotline: Hotline, tx: Connection, call: Call, why: str) -> str | None:
    """Who is rung for the call, or waits for the caller, is free at once with nothing to write up. Returns
    the agent who was to have the caller."""
    theirs = let_all_go(hotline, tx, call, partial(presence.let_go, reason=why), why)
    return next((offer.agent for offer in theirs if offer.role == Role.AGENT), None)


def _wait(hotline: Hotline, tx: Connection, call: Call, **values: Any) -> None:
    """In the line, or at rest, with nobody on the line; not before the hours in which callers are called."""
    queue = hotline.queue(call.queue)
    after = replace(call, **values)
    gone = {"leg": None, "queue_sid": None, "conference_sid": None, "held": False, "notice": None}
    fresh = {"answered_at": None, "outcome": None, "queue": queue, "entered": dialogue.over(call.entered)}
    values.setdefault("due_at", opens(hotline, after))
    book.change(tx, call, STRAIGHT.get(call.state), **gone, **fresh, **values)
