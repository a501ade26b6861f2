"""What a caller hears while waiting: the place in the queue, a fair wait, music, and never silence."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import Connection

from calls import book, outbox
from calls.book import Call
from calls.states import State
from calls.verbs import Gather, Leave, Play, Prompt
from ivr import call_back as dialogue
from ivr.nodes.queue import Queue
from routing.outlook import Outlook, outlook
from routing.policy.estimate import Wait
from settings.opening import longest_wait
from switchboard import call_backs, notice
from switchboard.hotline import Hotline
from switchboard.onward import talk_of
from switchboard.today import Today, today
from telephony.twiml import render_wait

LEAVE = "1"  # the key that leaves the queue, as the text 'leave-queue' says


def music(hotline: Hotline) -> Play:
    """What fills the wait and the hold."""
    return Play(hotline.links.public_url + "/voice/music.wav")


@dataclass(frozen=True)
class Asked:
    """A wait webhook: whose it is, the carrier's queue, the number of the step, and the key pressed."""

    call_sid: str
    queue_sid: str | None
    step: int
    key: str = ""


def wait(hotline: Hotline, asked: Asked) -> str:
    """The next words for a waiting caller, and music after them; or the way out of the queue."""
    with hotline.store.reading() as tx:
        call = book.find(tx, asked.call_sid)
        force = today(hotline, tx)
        closed = call is not None and call.queue in force.closed
        way_out = call is not None and _way_out(hotline, tx, call)
        found = _outlook(hotline, tx, force, call) if call else None
        offered = call is not None and call_backs.offered(hotline, call)
        yours = call is not None and _yours(tx, call)
        words = _words(hotline, tx, call, found, way_out, offered, yours) if call else ()
        talk = talk_of(tx, call) if call else None
    waits = call is not None and call.state in (State.WAITING, State.OFFERED, State.TALKING)
    if call is None or not waits or call.line != asked.call_sid:
        return render_wait((Leave(),))  # nobody would look for the caller here
    if talk is not None and talk.joined_at is not None:
        return render_wait((Leave(),))  # torn out of the talk by some late word: back into it
    if call.state == State.WAITING and closed:
        return render_wait((Leave(),))  # the menu says why, and leads on
    if way_out and asked.key == LEAVE:
        return render_wait((Leave(),))
    if offered and asked.key == dialogue.KEY:
        call_backs.begin(hotline, call.sid)
        return render_wait((Leave(),))
    if yours and asked.key == dialogue.YOURS:
        call_backs.is_theirs(hotline, call.sid)
        return wait(hotline, replace(asked, key=""))  # at the new place
    if _too_long(hotline, call):
        return render_wait((*words, Leave()))
    _seen(hotline, asked, found.wait if found else None)
    words = (*words, music(hotline))
    if way_out or offered or yours:
        gather = Gather(words, digits=1, timeout=1, finish_on="")
        return render_wait((gather,), hotline.links.wait(asked.step))
    return render_wait(words)


def _way_out(hotline: Hotline, tx: Connection, call: Call) -> bool:
    """Whether the menu lets this caller, whom nobody is being rung for, leave the queue by a key."""
    node = hotline.menu(tx, call.menu).nodes.get(call.at)
    return call.state == State.WAITING and isinstance(node, Queue) and node.leave is not None


def _yours(tx: Connection, call: Call) -> bool:
    """Whether somebody, who may be this caller, is to be called back at the number of a caller who waits."""
    return call.state == State.WAITING and call_backs.another_at(tx, call, call.caller) is not None


def _too_long(hotline: Hotline, call: Call) -> bool:
    """Whether the caller, whom nobody is being rung for, has waited as long as anybody should."""
    if call.state != State.WAITING or call.queued_at is None:
        return False
    longest = longest_wait(hotline.config, hotline.queue(call.queue))
    return _seconds(call.queued_at, hotline.now()) >= longest


def _outlook(hotline: Hotline, tx: Connection, force: Today, call: Call) -> Outlook | None:
    """What can be said of a wait; None for a caller whom an agent is being rung for."""
    if call.state != State.WAITING or call.queue is None:
        return None
    rules, now = force.rulebook.rules, hotline.now()
    patience = hotline.patience.seconds(tx, now)
    return outlook(tx, rules, call, now, hotline.config.hotline.wrap_up_seconds, patience)


def _words(
    hotline: Hotline,
    tx: Connection,
    call: Call,
    found: Outlook | None,
    way_out: bool,
    offered: bool,
    yours: bool,
) -> tuple[Prompt, ...]:
    if found is None:
        return hotline.say(tx, call, "connecting")
    words = hotline.say(tx, call, _name(found), position=found.position, **_range(found))
    words += hotline.say(tx, call, "call-back-yours") if yours else ()
    words += hotline.say(tx, call, "call-back-offer") if offered else ()
    return words + hotline.say(tx, call, "leave-queue") if way_out else words


def _name(found: Outlook) -> str:
    if found.wait is None:
        return "waiting-nobody"
    return "waiting" if len(set(_range(found).values())) == 1 else "waiting-range"


def _range(found: Outlook) -> dict[str, int]:
    """Whole minutes between which half of such callers, and nine of ten, have their turn."""
    if found.wait is None:
        return {}
    low, high = max(1, round(found.wait.p50 / 60)), max(1, ceil(found.wait.p90 / 60))
    return {"minutes": low, "most": max(low, high)}


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _seen(hotline: Hotline, asked: Asked, told: Wait | None) -> None:
    """The call lives, and waits in this queue of the carrier's; what was said on the way there is heard. An
    agent who waited for that gets the caller now. What the caller is told first of the wait is kept."""

    def work(tx: Connection) -> None:
        call = book.find(tx, asked.call_sid)
        if call is None or call.state == State.ENDED:
            return
        now, queue_sid = hotline.now(), asked.queue_sid or call.queue_sid
        promise: dict[str, Any] = {}
        if told is not None and call.promised_at is None:
            promise = {"promised_at": now, "promised_p50": told.p50, "promised_p90": told.p90}
        after = book.change(
            tx, call, queue_sid=queue_sid, seen_at=now, notice=notice.arrived(call), **promise
        )
        talk = talk_of(tx, after)
        if talk is not None and after.notice != call.notice:
            outbox.hasten(tx, f"connect:{talk.id}", now)
            accepted.append(talk.id)

    accepted: list[str] = []
    hotline.decide(work)
    if accepted:
        hotline.runner.kick()
