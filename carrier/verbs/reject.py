"""<Reject reason="rejected"/>"""

from typing import TYPE_CHECKING

from carrier.registry import Ending, Step, verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Reject", attributes="reason", answers=False)
async def reject(script: "Script", tag: "Tag") -> Step:
    """Turn an incoming call away unanswered: busy, or (rejected) no-answer. An answered call just ends."""
    reason = tag.choice("reason", ("rejected", "busy"), "rejected")
    if script.leg.call.status == "ringing":
        script.leg.end("busy" if reason == "busy" else "no-answer")
    return Ending.HANGUP
