"""<Say language="ko-KR" voice="Polly.Seoyeon-Neural" loop="1">안녕하세요</Say>"""

from typing import TYPE_CHECKING

from carrier.registry import verb

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

MOST_TIMES = 1000
"""Twilio's limit for `loop`, which 0 means too."""


@verb("Say", attributes="voice language loop")
async def say(script: "Script", tag: "Tag") -> None:
    """Speak the words, a thousand times at most; loop 0 is a thousand times."""
    for _ in range(times(tag)):
        await script.exchange.medium.say(script.leg, tag.text, tag.word("language", "en-US"))


def times(tag: "Tag") -> int:
    """How often to say or play it."""
    return tag.whole("loop", 1, 0, MOST_TIMES) or MOST_TIMES
