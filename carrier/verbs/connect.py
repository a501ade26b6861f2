"""<Connect action="/after"><Stream url="wss://app.example.org/speech"/></Connect>"""

from typing import TYPE_CHECKING

from carrier.model import Request
from carrier.registry import Step, verb
from carrier.sounds import Key, Quiet
from carrier.streaming import Stream
from carrier.verbs.stream import WRONG_TRACK, read_stream

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Connect", attributes="action method", nests="Stream")
async def connect(script: "Script", tag: "Tag") -> Step:
    """Hand the call's sound over to the app's WebSocket until the app closes it; then the action is asked,
    or the document goes on. It goes on as well where the socket can't be reached."""
    if not tag.children:
        tag.complaints.append("<Connect> has nothing to connect to: <Stream> is what this carrier knows")
        return None
    await _streamed(script, tag.children[0])
    url = tag.url("action", script.url)
    return Request(url, tag.method()) if url else None


async def _streamed(script: "Script", tag: "Tag") -> None:
    if tag.word("track", "inbound_track") != "inbound_track":
        why = f"track={tag.word('track')[:40]!r}: within <Connect> it can only be inbound_track"
        script.exchange.alert(WRONG_TRACK, why, call=script.leg.call, request=Request(script.url))
        return
    order = read_stream(script, tag, both_ways=True)
    script.tell_complaints(tag)  # now, and not when the stream is over
    stream = Stream(script.leg, order)
    with script.leg.listening() as ears, script.leg.staying(stream.stop):
        stream.when_over(lambda: ears.put(Quiet()))
        while not stream.over:
            match await ears.next():
                case Key(key):
                    stream.press(key)
