"""What a caller hears while waiting: the place in the queue, a fair wait, music, and never silence."""

from datetime import datetime

from sqlalchemy import Connection, select

from calls import book
from calls.book import Call
from calls.states import State
from calls.verbs import Leave, Play, Prompt
from routing.dispatch import ahead, on_duty
from routing.policy.waiting import minutes
from store.tables import offers
from switchboard.hotline import Hotline
from telephony.twiml import render_wait

# What a talk is taken to last until enough of them have been seen, in seconds.
USUAL_TALK = 180.0
TALKS_LOOKED_AT = 50


def music(hotline: Hotline) -> Play:
    """What fills the wait and the hold."""
    return Play(hotline.links.public_url + "/voice/music.wav")


def wait(hotline: Hotline, call_sid: str, queue_sid: str | None) -> str:
    """The next words for a waiting caller, and music after them."""
    with hotline.store.reading() as tx:
        call = book.find(tx, call_sid)
        words = _words(hotline, tx, call) if call else ()
    if call is None or call.state not in (State.WAITING, State.OFFERED, State.TALKING):
        return render_wait((Leave(),))  # nobody would look for the caller here
    if _too_long(hotline, call):
        return render_wait((*words, Leave()))
    _seen(hotline, call_sid, queue_sid)
    return render_wait((*words, music(hotline)))


def _too_long(hotline: Hotline, call: Call) -> bool:
    """Whether the caller, whom nobody is being rung for, has waited as long as anybody should."""
    if call.state != State.WAITING or call.queued_at is None:
        return False
    return _seconds(call.queued_at, hotline.now()) >= hotline.config.hotline.wait_limit_seconds


def _words(hotline: Hotline, tx: Connection, call: Call) -> tuple[Prompt, ...]:
    if call.state != State.WAITING or call.queue is None:
        return hotline.say(tx, call, "connecting")
    place = ahead(tx, call)
    estimate = minutes(place, on_duty(tx, call.queue, call.language), _talk_seconds(tx))
    if estimate is None:
        return hotline.say(tx, call, "waiting-long", position=place + 1)
    return hotline.say(tx, call, "waiting", position=place + 1, minutes=estimate)


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
    """The call lives, and waits in this queue of the carrier's."""

    def work(tx: Connection) -> None:
        call = book.find(tx, call_sid)
        if call is not None and call.state != State.ENDED:
            book.change(tx, call, queue_sid=queue_sid or call.queue_sid, seen_at=hotline.now())

    hotline.decide(work)
