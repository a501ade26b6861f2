"""<Sip>sip:kim@example.org</Sip>"""

from typing import TYPE_CHECKING

from carrier.nouns import CALLBACK, DETECTION, read_target
from carrier.registry import Target, target

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@target("Sip", attributes=f"url method {CALLBACK} {DETECTION}", inert="username password")
def sip(script: "Script", tag: "Tag") -> Target:
    """A telephone registered under a sip: address."""
    return read_target(script, tag, tag.text)
