"""A caller in the menu: the first webhook registers the call, each further one is a step."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from agents import presence
from calls import book, deliveries
from calls.book import Call, note
from calls.states import State
from ivr import call_back as dialogue
from ivr import step as ivr
from ivr.menu import Menu
from ivr.nodes.queue import Queue
from routing.floor import profile
from routing.policy.skills import Lane
from store.statements import pass_in_turn
from switchboard import call_backs, doors, notice, recordings
from switchboard.hotline import Hotline
from switchboard.onward import onward
from switchboard.prompts import reachable
from telephony.twiml import render
from tickets.find import last_agent, status_for_caller
from tickets.life import ended, speaks
from tickets.phone import e164
from tickets.register import register as open_ticket

REMEMBERED = timedelta(days=7)  # for how long a sticky queue knows who talked with a caller


@dataclass(frozen=True)
class Arrival:
    """A call as its first webhook tells of it: the carrier's CallSid, From and To."""

    sid: str
    caller: str
    dialled: str


def arrive(hotline: Hotline, arrival: Arrival) -> str:
    """Register the call and its ticket, and answer with the first words."""

    def work(tx: Connection) -> str:
        return deliveries.answered(tx, arrival.sid, "0") or _begin(hotline, tx, arrival, 0)

    return hotline.tell(work)


def step(hotline: Hotline, arrival: Arrival, number: int, event: ivr.Event) -> str:
    """The caller pressed keys, kept silent, or came back from somewhere: what comes next.

    A step answered before gets the same answer. A call that nobody registered (its first webhook was lost,
    or met a broken database) is registered now.
    """

    def work(tx: Connection) -> str:
        call = book.find(tx, arrival.sid)
        sid = call.sid if call else arrival.sid  # of who is called back, that of the first line
        before = deliveries.answered(tx, sid, str(number))  # after the call: its step tells of this
        if before is not None:
            return before
        if call is None:
            return _begin(hotline, tx, arrival, number)
        here = call.state in (State.MENU, State.WAITING) and call.line == arrival.sid
        if number != call.step or not here:
            _too_late(hotline, tx, call, event)
            return onward(hotline, tx, call)
        return _walk(hotline, tx, call, event, number)

    return hotline.tell(work)


def _begin(hotline: Hotline, tx: Connection, arrival: Arrival, number: int) -> str:
    known = book.find(tx, arrival.sid)
    if known is None:
        return _walk(hotline, tx, register(hotline, tx, arrival, step=number), ivr.Arrived(), number)
    # Another delivery was first, or its fallback, or a later step.
    return deliveries.answered(tx, arrival.sid, str(number)) or onward(hotline, tx, known)


def last_words(hotline: Hotline, arrival: Arrival, event: ivr.Event) -> None:
    """The caller has hung up in the middle of a step."""

    def work(tx: Connection) -> None:
        call = book.find(tx, arrival.sid)
        if call is not None:
            _too_late(hotline, tx, call, event)

    hotline.decide(work)


def _too_late(hotline: Hotline, tx: Connection, call: Call, event: ivr.Event) -> None:
    """What a step still tells of a call that has gone on without it: a message left with the last breath, or
    that the other number has answered."""
    now = hotline.now()
    match event:
        case ivr.Recorded(url, seconds) if url and seconds:
            recordings.message(tx, call, event, now)
            outcome = "message"
        case ivr.Transferred("completed" | "answered" as status):
            note(tx, "transferred", call, now, status=status)
            outcome = "transferred"
        case _:
            return
    if call_backs.gave_up(call):
        call_backs.finish(hotline, tx, call, outcome)  # so the caller had not, after all
    elif call.outcome in (None, "abandoned", "failed"):
        book.change(tx, call, outcome=outcome)
        if call.state == State.ENDED:
            ended(tx, call.ticket, outcome, now)


def register(
    hotline: Hotline, tx: Connection, arrival: Arrival, *, step: int = 0, at: datetime | None = None
) -> Call:
    """Write down the call, its ticket and the first line of its journal; it came in at `at`, or now."""
    setup, now = hotline.setup(), at or hotline.now()
    settings = setup.config.hotline
    hotline.menus.keep(tx, setup.menu, now)
    caller, language = e164(arrival.caller, settings.country), settings.languages[0]
    zone = ZoneInfo(settings.timezone)
    ticket = open_ticket(tx, call_sid=arrival.sid, caller=caller, language=language, now=now, timezone=zone)
    call = book.open_call(
        tx,
        Call(
            sid=arrival.sid,
            ticket=ticket,
            caller=caller,
            dialled=arrival.dialled,
            language=language,
            state=State.MENU,
            menu=setup.menu.version,
            at=setup.menu.start,
            started_at=now,
            seen_at=now,
            step=step,
        ),
    )
    note(tx, "call-arrived", call, now, dialled=arrival.dialled)
    return call


def _walk(hotline: Hotline, tx: Connection, call: Call, event: ivr.Event, number: int) -> str:
    now = hotline.now()
    menu = hotline.menu(tx, call.menu)
    if isinstance(event, ivr.Returned) and doors.closed_by_hand(hotline, tx, call.queue):
        event = ivr.Returned("closed")  # the carrier only knows that the caller left
    taken = _take(hotline, tx, menu, call, event)
    if isinstance(event, ivr.Recorded):
        recordings.message(tx, call, event, now)
    after = book.change(tx, call, _move(call, taken.wants), **_changes(hotline, tx, call, taken, event))
    _note(tx, call, after, event, taken, now)
    for queue in _passed(menu, taken):
        note(tx, "turned-away", call, now, queue=queue)
    verbs = notice.before_the_queue(hotline, after, reachable(taken.verbs, hotline.links))
    twiml = render(verbs, hotline.links, after.step)
    return deliveries.keep(tx, call.sid, str(number), twiml, now)


def _take(hotline: Hotline, tx: Connection, menu: Menu, call: Call, event: ivr.Event) -> ivr.Step:
    """The step of the menu; where it asks for a ticket, the step with the answer in the same breath."""
    now = hotline.now()
    facts = ivr.Facts(
        now=hotline.local(now),
        open=lambda hours: doors.open_at(hotline, hours, now),
        queue=lambda queue, language: doors.standing(hotline, tx, queue, language),
        words={"ticket": call.ticket},
    )
    place = ivr.Place(call.at, call.language, call.tries, call.entered, call.step)
    if dialogue.begun(place):
        return dialogue.step(menu.texts, place, event, call_backs.asked(hotline, tx, call))
    taken = ivr.step(menu, place, event, facts)
    while isinstance(taken.wants, ivr.Ask):
        found = ivr.Found(status_for_caller(tx, taken.wants.number, call.caller))
        more = ivr.step(menu, taken.place, found, facts)
        taken = replace(more, verbs=taken.verbs + more.verbs, path=taken.path + more.path)
    return taken


def _move(call: Call, wants: ivr.Want | None) -> str | None:
    waits = isinstance(wants, ivr.ToQueue)
    if call.state == State.WAITING:
        return None if waits else "leave"
    return "enqueue" if waits else None


def _changes(
    hotline: Hotline, tx: Connection, call: Call, taken: ivr.Step, event: ivr.Event
) -> dict[str, Any]:
    place, now = taken.place, hotline.now()
    changes: dict[str, Any] = {
        "at": place.at,
        "language": place.language,
        "tries": place.tries,
        "entered": dict(place.entered),
        "step": call.step + 1,
        "seen_at": now,
    }
    if any(isinstance(hotline.menu(tx, call.menu).nodes[at], Queue) for at in taken.path):
        changes["waiting_since"] = call.waiting_since or now  # turned away or not: a person was wanted
    match taken.wants:
        case ivr.ToQueue(wanted, priority):
            queue = hotline.queue(wanted)  # a call may have an older menu than there are queues
            pass_in_turn(tx, f"queue {queue}")
            changes |= {
                "queue": queue,
                "priority": max(priority, hotline.config.queues[queue].priority),
                "wants": _kept_for(hotline, tx, call, Lane(queue, place.language)),
                # Who waits only now does so in turn: the order of being seen.
                "waiting_since": call_backs.returns(hotline, tx, call) or hotline.now(),
                "queued_at": hotline.now(),
                "queue_sid": None,
                "notice": notice.begin(hotline, call),
            }
        case ivr.ToCallBack(number):
            changes |= call_backs.agreed(hotline, tx, call, number)
        case ivr.End(outcome) if call.outcome is None:
            # Who wanted a person and got none is owed a call, whatever the menu said in the end.
            waited = changes.get("waiting_since", call.waiting_since) is not None
            wanted_a_person = waited and outcome == "self-service"
            changes["outcome"] = "abandoned" if wanted_a_person else outcome
    if isinstance(event, ivr.Recorded) and event.url and call.outcome is None:
        changes["outcome"] = "message"
    return changes


def _kept_for(hotline: Hotline, tx: Connection, call: Call, lane: Lane) -> str | None:
    """The agent who talked with this caller last, where the queue is sticky and that agent is at work and may
    serve the caller alone, in the language of today."""
    if hotline.config.queues[lane.queue].strategy != "sticky" or call.caller is None:
        return None
    agent = last_agent(tx, call.caller, since=hotline.now() - REMEMBERED)
    seat = presence.find(tx, agent) if agent else None
    if seat is None or seat.profile is None or not presence.on_duty(seat):
        return None
    return agent if hotline.rulebook.rules[lane.queue].receives(lane, profile(tx, seat.profile)) else None


def _told(digits: str) -> str:
    """A key as it was pressed; of a longer number, which may be somebody's, only how long it was."""
    return digits if len(digits) == 1 else f"{len(digits)} digits"


def _passed(menu: Menu, taken: ivr.Step) -> list[str]:
    """The queues to which the menu led the caller, and in which nobody could wait now."""
    waits = isinstance(taken.wants, ivr.ToQueue)
    nodes = [menu.nodes[at] for at in (taken.path[:-1] if waits else taken.path)]
    return [node.queue for node in nodes if isinstance(node, Queue)]


def _note(tx: Connection, call: Call, after: Call, event: ivr.Event, taken: ivr.Step, now: datetime) -> None:
    keys = {"key": _told(event.digits)} if isinstance(event, ivr.Keys) else {}
    path = list(taken.path)
    note(tx, "step", call, now, at=after.at, path=path, **keys)
    if after.language != call.language:
        speaks(tx, call.ticket, after.language)
    if isinstance(event, ivr.Transferred):
        note(tx, "transferred", call, now, status=event.status)
    if isinstance(taken.wants, ivr.ToQueue):
        wants = taken.wants
        note(tx, "waiting", call, now, queue=wants.queue, priority=wants.priority, language=after.language)
