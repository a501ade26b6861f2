"""<Play loop="1">https://example.org/hold.wav</Play>, or <Play digits="1w2"/>"""

from typing import TYPE_CHECKING

from carrier.fetch import FetchFailed
from carrier.model import Request
from carrier.registry import verb
from carrier.urls import absolute
from carrier.verbs.say import times

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb("Play", attributes="loop digits")
async def play(script: "Script", tag: "Tag") -> None:
    """Play a sound or send keys. A sound that can't be had is an alert, and the document goes on."""
    medium, digits = script.exchange.medium, tag.word("digits")
    if digits:
        await medium.keys(script.leg, digits)
        return
    if not tag.text:
        script.missed = True
        tag.complaints.append("<Play> names no sound")
        return
    request = Request(absolute(script.url, tag.text), "GET")
    try:
        sound = await medium.fetch(script.leg, request)
    except FetchFailed as failed:
        script.missed = True
        script.exchange.alert(failed.code, failed.why, call=script.leg.call, request=request)
        return
    for _ in range(times(tag)):
        await medium.play(script.leg, sound)
