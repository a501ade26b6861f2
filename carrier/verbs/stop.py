"""<Stop><Stream name="mine"/></Stop>"""

from typing import TYPE_CHECKING

from carrier.registry import verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Stop", nests="Stream")
async def stop(script: "Script", tag: "Tag") -> None:
    """End a stream that <Start> began, by its name."""
    for child in tag.children:
        stream = script.leg.streams.pop(child.word("name"), None)
        if stream is None:
            child.complaints.append(f"there is no stream named {child.word('name')[:40]!r} to stop")
        else:
            stream.stop()
