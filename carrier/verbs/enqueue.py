"""<Enqueue action="/left" waitUrl="/wait">people</Enqueue>"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carrier.clock import sleep
from carrier.model import Request
from carrier.queueing import LARGEST
from carrier.registry import Ending, Step, verb
from carrier.script import hear
from carrier.waiting import Fetched, Waiting

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

BREATH = 1
"""Seconds that a round of a wait document takes at least."""


@verb("Enqueue", attributes="action method waitUrl waitUrlMethod maxQueueSize")
async def enqueue(script: "Script", tag: "Tag") -> Step:
    """Wait in a queue until another call, REST or the wait document takes the call out."""
    waiting = script.exchange.join_queue(script.leg, tag.text, tag.whole("maxQueueSize", LARGEST))
    if waiting is None:
        return _action(script, tag, {"QueueResult": "queue-full"})
    await _wait(script, tag, waiting)
    return _action(script, tag, _result(waiting))


async def _wait(script: "Script", tag: "Tag", waiting: Waiting) -> None:
    def interrupted() -> None:
        script.exchange.leave_queue(waiting)
        for unread in waiting.box.rest():
            if isinstance(unread, Fetched):
                unread.bridge.end()  # nobody comes; whoever took this call out doesn't wait there alone
        if not waiting.result:
            waiting.result = "redirected" if script.leg.call.live else "hangup"
            _notify(script, tag, waiting)

    with script.leg.staying(interrupted):
        music = script.exchange.spawn(hear(script.leg, lambda: _rounds(script, tag, waiting)))
        try:
            letter = await waiting.box.next()
        finally:
            music.cancel()
        if letter is Ending.HANGUP:
            script.leg.end("completed")
        elif isinstance(letter, Fetched):
            script.exchange.leave_queue(waiting)
            await _bridged(script, tag, waiting, letter)
        else:
            waiting.result = "leave"


async def _bridged(script: "Script", tag: "Tag", waiting: Waiting, fetched: Fetched) -> None:
    """Hear the whisper, then talk; a redirect or a hang-up is reported as what it interrupted. Whoever took
    the call out may have gone meanwhile: then the bridge never was, and the document goes on."""
    leg = script.leg
    waiting.result = "bridging-in-process"

    def interrupted() -> None:
        if waiting.done:
            return
        fetched.bridge.end()
        talked = fetched.bridge.since is not None
        if leg.call.live:
            waiting.result = "redirected-from-bridged" if talked else "redirected"
        elif talked:
            waiting.result = "bridged"
        _notify(script, tag, waiting)

    with leg.staying(interrupted):
        if fetched.whisper is not None:
            queue = {"QueueSid": waiting.queue.sid}
            if await script.whisper(leg, lambda: queue).run(fetched.whisper) is Ending.HANGUP:
                leg.end("completed")
                return
        await fetched.bridge.talk(leg)
        if fetched.bridge.since is not None:
            waiting.result = "bridged"
        waiting.done = True


async def _rounds(script: "Script", tag: "Tag", waiting: Waiting) -> None:
    """The wait document, again and again; it may end the wait."""
    clock, url = script.exchange.clock, tag.url("waitUrl", script.url)
    if url is None:
        if "waitUrl" not in tag.attributes:
            await script.exchange.medium.music(script.leg)
        return
    request = Request(url, tag.method("waitUrlMethod"))
    while True:
        begun, once = clock.now(), script.waiting(lambda: _position(script, waiting))
        ending = await once.run(request)
        if ending in (Ending.LEAVE, Ending.HANGUP):
            waiting.box.put(ending)
            return
        if (
            ending is Ending.FAILED or once.missed
        ):  # a piece of the carrier's own music, then it is asked again
            await script.exchange.medium.piece(script.leg)
        else:
            took = (clock.now() - begun).total_seconds()
            if took < BREATH:  # asking takes real time too: a short round is as bad as one that takes none
                await sleep(clock, BREATH - max(took, 0))


def _position(script: "Script", waiting: Waiting) -> Mapping[str, str]:
    """What a wait document is told."""
    now, queue, member = script.exchange.clock.now(), waiting.queue, waiting.member
    return {
        "QueueSid": queue.sid,
        "QueuePosition": str(queue.position(member)) if member in queue.members else "0",
        "QueueTime": str(waiting.seconds(now)),
        "AvgQueueTime": str(queue.average_wait(now)),
        "CurrentQueueSize": str(queue.current_size),
        "MaxQueueSize": str(queue.max_size),
    }


def _result(waiting: Waiting) -> dict[str, str]:
    return {
        "QueueResult": waiting.result,
        "QueueSid": waiting.queue.sid,
        "QueueTime": str(waiting.seconds(waiting.leg.exchange.clock.now())),
    }


def _action(script: "Script", tag: "Tag", params: Mapping[str, str]) -> Step:
    url = tag.url("action", script.url)
    return Request(url, tag.method(), params) if url else None


def _notify(script: "Script", tag: "Tag", waiting: Waiting) -> None:
    """Tell the action what became of a wait that was interrupted; its answer runs nowhere."""
    action = _action(script, tag, _result(waiting))
    if isinstance(action, Request):
        script.leg.notify(action, {})
