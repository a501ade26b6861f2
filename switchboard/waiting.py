"""What a caller hears while waiting: the place in the queue, a fair wait, music, and never silence."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from calls import book, outbox
from calls.book import Call
from calls.states import State
from calls.verbs import Gather, Leave, Play, Prompt
from ivr.nodes.queue import Queue
from routing.dispatch import ahead, on_duty
from routing.policy.waiting import minutes
from store.tables import offers
from switchboard import notice
from switchboard.hotline import Hotline
from switchboard.onward import talk_of
from telephony.twiml import render_wait

# What a talk is taken to last until enough of them have been seen, in seconds.
USUAL_TALK = 180.0
TALKS_LOOKED_AT = 50
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
        way_out = call is not None and _way_out(hotline, tx, call)
        words = _words(hotline, tx, call, way_out) if call else ()
        talk = talk_of(tx, call) if call else None
    if call is None or call.state not in (State.WAITING, State.OFFERED, State.TALKING):
        return render_wait((Leave(),))  # nobody would look for the caller here
    if talk is not None and talk.joined_at is not None:
        return render_wait((Leave(),))  # torn out of the talk by some late word: back into it
    if way_out and asked.key == LEAVE:
        return render_wait((Leave(),))
    if _too_long(hotline, call):
        return render_wait((*words, Leave()))
    _seen(hotline, asked.call_sid, asked.queue_sid)
    words = (*words, music(hotline))
    if way_out:
        gather = Gather(words, digits=1, timeout=1, finish_on="")
        return render_wait((gather,), hotline.links.wait(asked.step))
    return render_wait(words)


def _way_out(hotline: Hotline, tx: Connection, call: Call) -> bool:
    """Whether the menu lets this caller, whom nobody is being rung for, leave the queue by a key."""
    node = hotline.menu(tx, call.menu).nodes.get(call.at)
    return call.state == State.WAITING and isinstance(node, Queue) and node.leave is not None


def _too_long(hotline: Hotline, call: Call) -> bool:
    """Whether the caller, whom nobody is being rung for, has waited as long as anybody should."""
    if call.state != State.WAITING or call.queued_at is None:
        return False
    return _seconds(call.queued_at, hotline.now()) >= hotline.config.hotline.wait_limit_seconds


def _words(hotline: Hotline, tx: Connection, call: Call, way_out: bool) -> tuple[Prompt, ...]:
    if call.state != State.WAITING or call.queue is None:
        return hotline.say(tx, call, "connecting")
    place = ahead(tx, call, hotline.now())
    estimate = minutes(place, on_duty(tx, hotline.rulebook, call.queue, call.language), _talk_seconds(tx))
    name = "waiting" if estimate else "waiting-nobody"
    words = hotline.say(tx, call, name, position=place + 1, minutes=estimate)
    return words + hotline.say(tx, call, "leave-queue") if way_out else words


def _talk_seconds(tx: Connection) -> float:
    latest = (
        select(offers.c.accepted_at, offers.c.ended_at)
        .where(offers.c.state == "ended")
        .order_by(offers.c.ended_at.desc())
        .limit(TALKS_LOOKED_AT)
    )
    talks = [_seconds(*row) for row in tx.execute(latest)]
    return sum(talks) / len(talks) if len(talks) >= 10 else USUAL_TALK


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _seen(hotline: Hotline, call_sid: str, queue_sid: str | None) -> None:
    """The call lives, and waits in this queue of the carrier's; what was said on the way there is heard. An
    agent who waited for that gets the caller now."""

    def work(tx: Connection) -> None:
        call = book.find(tx, call_sid)
        if call is None or call.state == State.ENDED:
            return
        now, queue_sid_now = hotline.now(), queue_sid or call.queue_sid
        after = book.change(tx, call, queue_sid=queue_sid_now, seen_at=now, notice=notice.arrived(call))
        talk = talk_of(tx, after)
        if talk is not None and after.notice != call.notice:
            outbox.hasten(tx, f"connect:{talk.id}", now)
            accepted.append(talk.id)

    accepted: list[str] = []
    hotline.decide(work)
    if accepted:
        hotline.runner.kick()
