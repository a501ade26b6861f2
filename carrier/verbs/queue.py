"""<Dial><Queue url="/about-to-connect">people</Queue></Dial>"""

from typing import TYPE_CHECKING

from carrier.bridge import Bridge
from carrier.model import Request
from carrier.registry import talk as noun_to_talk
from carrier.ringing import Talk
from carrier.waiting import Fetched

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@noun_to_talk("Queue", attributes="url method")
async def queue(script: "Script", dial: "Tag", tag: "Tag", talk: Talk) -> None:
    """Talk with whoever is in front of the queue, or with the first who comes before the timeout."""
    exchange, leg = script.exchange, script.leg
    found = exchange.find_or_create_queue(tag.text)
    box = exchange.await_member(found)
    with leg.staying(lambda: exchange.forget_taker(found, box)):
        waiting = await box.get(within=dial.whole("timeout", 30, 5, 600))
    if waiting is None:
        talk.status = "no-answer"
        return
    url = tag.url("url", script.url)
    about = {"DequeingCallSid": leg.call.sid, "QueueTime": str(waiting.seconds(exchange.clock.now()))}
    bridge = Bridge(exchange.clock)
    exchange.leave_queue(waiting)
    waiting.box.put(Fetched(bridge, Request(url, tag.method(), about) if url else None))
    talk.status, talk.bridged = "completed", True
    talk.call_sid, talk.since = waiting.leg.call.sid, exchange.clock.now()
    await bridge.talk(leg, dial.whole("timeLimit", 14400, 1), dial.truth("hangupOnStar", False))
    talk.until = exchange.clock.now()
