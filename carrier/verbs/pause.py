"""<Pause length="1"/>"""

from typing import TYPE_CHECKING

from carrier.clock import sleep
from carrier.registry import verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Pause", attributes="length", answers=False)
async def pause(script: "Script", tag: "Tag") -> None:
    """Silence. As the first verb it lets the telephone ring on before the call is answered."""
    await sleep(script.exchange.clock, tag.whole("length", 1))
