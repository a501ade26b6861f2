"""<Redirect method="POST">/next</Redirect>"""

from typing import TYPE_CHECKING

from carrier.model import Request
from carrier.registry import Step, verb
from carrier.urls import absolute

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Redirect", attributes="method", answers=False)
async def redirect(script: "Script", tag: "Tag") -> Step:
    """Go on with the document there; what follows is not reached. No address means this document again."""
    return Request(absolute(script.url, tag.text), tag.method())
