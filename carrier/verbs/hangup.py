"""<Hangup/>"""

from typing import TYPE_CHECKING

from carrier.registry import Ending, Step, verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Hangup")
async def hangup(script: "Script", tag: "Tag") -> Step:
    """End the call."""
    return Ending.HANGUP
