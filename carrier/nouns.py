"""What the nouns of <Dial> have in common."""

from typing import TYPE_CHECKING

from carrier.model import Callback, Request
from carrier.registry import Target

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

CALLBACK = "statusCallback statusCallbackEvent statusCallbackMethod"


def read_target(script: "Script", tag: "Tag", address: str) -> Target:
    """What every noun that rings has in common."""
    url = tag.url("url", script.url)
    whisper = Request(url, tag.method()) if url else None
    return Target(address, whisper, read_callback(script, tag), tag.word("sendDigits"))


def read_callback(
    script: "Script", tag: "Tag", name: str = "statusCallback", default: str = "completed"
) -> Callback | None:
    """Where a noun reports to, and which events."""
    url = tag.url(name, script.url)
    if url is None:
        return None
    events = tag.word(f"{name}Event", default).split()
    return Callback(url, tag.method(f"{name}Method"), tuple(events))
