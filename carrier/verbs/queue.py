"""<Dial><Queue url="/about-to-connect">people</Queue></Dial>"""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from carrier.bridge import Bridge
from carrier.leg import Leg
from carrier.model import Queue, Request
from carrier.registry import talk as noun_to_talk
from carrier.ringing import Talk, recorded
from carrier.waiting import Fetched, Waiting

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@noun_to_talk("Queue", attributes="url method")
async def queue(script: "Script", dial: "Tag", tag: "Tag", talk: Talk) -> None:
    """Talk with whoever is in front of the queue, or with the first who comes before the timeout.
    Whoever is taken and hangs up before the talk has not answered."""
    exchange, leg = script.exchange, script.leg
    found = exchange.find_or_create_queue(tag.text)
    waiting = await _taken(leg, found, dial.whole("timeout", 30, 5, 600))
    if waiting is None:
        talk.status = "no-answer"
        return
    leg.move("in-progress")
    url = tag.url("url", script.url)
    about = {"DequeingCallSid": leg.call.sid, "QueueTime": str(waiting.seconds(exchange.clock.now()))}
    bridge = Bridge(exchange.clock)
    exchange.leave_queue(waiting)
    waiting.box.put(Fetched(bridge, Request(url, tag.method(), about) if url else None))
    talk.call_sid, talk.bridged = waiting.leg.call.sid, False

    def over() -> None:
        if bridge.since is not None:
            talk.status, talk.bridged = "completed", True
            talk.since, talk.until = bridge.since, exchange.clock.now()

    with leg.staying(over), recorded(script, dial, talk) as record:
        bridge.when_together(record)
        await bridge.talk(leg, dial.whole("timeLimit", 14400, 1), dial.truth("hangupOnStar", False))
    if bridge.since is None:
        talk.status = "no-answer"


async def _taken(leg: Leg, queue: Queue, seconds: int) -> Waiting | None:
    """Who is in front, or comes in time. Who has left again before this call could act is not there."""
    exchange = leg.exchange
    until = exchange.clock.now() + timedelta(seconds=seconds)
    while True:
        box = exchange.await_member(queue)
        with leg.staying(partial(exchange.forget_taker, queue, box)):
            waiting = await box.get(within=max((until - exchange.clock.now()).total_seconds(), 0))
        if waiting is None or exchange.waiting.get(waiting.member.call_sid) is waiting:
            return waiting
