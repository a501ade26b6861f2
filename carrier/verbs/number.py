"""<Number url="/whisper" sendDigits="1" statusCallback="/status">+8643188880001</Number>"""

from typing import TYPE_CHECKING

from carrier.nouns import CALLBACK, DETECTION, read_target
from carrier.registry import Target, target

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@target("Number", attributes=f"url method sendDigits {CALLBACK} {DETECTION}", inert="byoc")
def number(script: "Script", tag: "Tag") -> Target:
    """A telephone number; what is at `url` is heard by whoever answers, before the talk."""
    return read_target(script, tag, tag.text)
