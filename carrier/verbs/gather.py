"""<Gather numDigits="1" timeout="5" finishOnKey="#" action="/step"><Say>...</Say></Gather>"""

import asyncio
from typing import TYPE_CHECKING

from carrier.model import Request
from carrier.registry import Step, verb
from carrier.sounds import Ears, Key, Quiet

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb(
    "Gather",
    attributes="action method timeout finishOnKey numDigits input actionOnEmptyResult",
    inert="bargeIn language hints speechTimeout maxSpeechTime profanityFilter speechModel enhanced"
    " partialResultCallback partialResultCallbackMethod debug",
    nests="Say Play Pause",
)
async def gather(script: "Script", tag: "Tag") -> Step:
    """Collect keys while prompts play. A key stops the prompts; waiting starts when they end.
    Words are not understood here: `input` may name speech beside the keys, but not alone."""
    if "dtmf" not in tag.word("input", "dtmf").split():
        tag.complaints.append(f"input={tag.word('input')!r} of <Gather> has no effect on this carrier")
    with script.leg.listening() as ears:
        prompts = script.exchange.spawn(script.run_nested(tag.children))
        prompts.add_done_callback(lambda _: ears.put(Quiet()))
        try:
            digits, finish = await _collect(tag, ears, prompts)
        finally:
            prompts.cancel()
    if not digits and not tag.truth("actionOnEmptyResult", False):
        return None
    heard = {"msg": "Gather End", "Digits": digits} | ({"FinishedOnKey": finish} if finish else {})
    return Request(tag.url("action", script.url) or script.url, tag.method(), heard)


async def _collect(tag: "Tag", ears: Ears, prompts: "asyncio.Task[Step]") -> tuple[str, str]:
    """The digits, and the key that finished them, if one did."""
    timeout, most = tag.whole("timeout", 5), tag.whole("numDigits", 0)
    finish_on = tag.word("finishOnKey", "#")
    digits, waiting = "", False
    while sound := await ears.get(within=timeout if waiting else None):
        match sound:
            case Quiet():
                waiting = True
            case Key(key):
                prompts.cancel()
                waiting = True
                if key in finish_on:
                    return digits, key
                digits += key
                if len(digits) == most:
                    break
    return digits, ""
