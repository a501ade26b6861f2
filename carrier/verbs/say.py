"""<Say language="ko-KR" voice="Polly.Seoyeon-Neural" loop="1">안녕하세요</Say>"""

from typing import TYPE_CHECKING

from carrier.registry import verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

FOREVER = 1000
"""loop="0" says it again and again; Twilio stops after a thousand times."""


@verb("Say", attributes="voice language loop")
async def say(script: "Script", tag: "Tag") -> None:
    """Speak the words; loop 0 repeats until the call moves on."""
    for _ in range(tag.whole("loop", 1) or FOREVER):
        await script.exchange.medium.say(script.leg, tag.text, tag.word("language", "en-US"))
