"""<Connect><Stream url="wss://app.example.org/speech"><Parameter name="a" value="b"/></Stream></Connect>"""

from typing import TYPE_CHECKING

from carrier.model import Callback
from carrier.registry import noun
from carrier.streaming import TRACKS, Order
from carrier.urls import absolute

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

SOCKETS = {"http": "ws", "https": "wss"}
WRONG_TRACK = 31941

noun("Stream", attributes="url name track statusCallback statusCallbackMethod", nests="Parameter")


def read_stream(script: "Script", tag: "Tag", both_ways: bool) -> Order:
    """What the app asks for. A relative address means the app's own server."""
    url = absolute(script.url, tag.word("url").strip())
    scheme, colon, rest = url.partition(":")
    if "?" in url:
        tag.complaints.append("url of <Stream> has a query, which Twilio doesn't send on; use <Parameter>")
    told = tag.url("statusCallback", script.url)
    return Order(
        url=SOCKETS.get(scheme.lower(), scheme) + colon + rest,
        name=tag.word("name"),
        tracks=("inbound",) if both_ways else TRACKS[tag.choice("track", tuple(TRACKS), "inbound_track")],
        both_ways=both_ways,
        parameters={one.word("name"): one.word("value") for one in tag.children},
        callback=Callback(told, tag.method("statusCallbackMethod")) if told else None,
    )
