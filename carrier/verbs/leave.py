"""<Leave/>"""

from typing import TYPE_CHECKING

from carrier.registry import Ending, Step, verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Leave")
async def leave(script: "Script", tag: "Tag") -> Step:
    """In a wait document: leave the queue, and go on after the <Enqueue>. Elsewhere it does nothing."""
    return Ending.LEAVE if script.waits else None
