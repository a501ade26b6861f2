"""<Start><Stream name="mine" url="wss://app.example.org/listen" track="both_tracks"/></Start>"""

from typing import TYPE_CHECKING

from carrier.call_streams import NameTaken, begin_stream
from carrier.registry import verb
from carrier.verbs.stream import read_stream

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Start", nests="Stream")
async def start(script: "Script", tag: "Tag") -> None:
    """Let the app hear the call on its WebSocket from now on, until <Stop> or the end of the call; the
    document goes on at once."""
    leg = script.leg
    for child in tag.children:
        order = read_stream(script, child, both_ways=False)
        try:
            begin_stream(leg, order)
        except NameTaken as taken:
            child.complaints.append(str(taken))
