"""<Gather numDigits="1" timeout="5" finishOnKey="#" action="/step"><Say>...</Say></Gather>"""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from carrier.model import Request
from carrier.registry import Step, verb
from carrier.sounds import Ears, Key, Quiet, Spoken

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
            digits, finish = await _collect(script, tag, ears, prompts)
        finally:
            prompts.cancel()
    if not digits and not tag.truth("actionOnEmptyResult", False):
        return None
    heard = {"msg": "Gather End", "Digits": digits} | ({"FinishedOnKey": finish} if finish else {})
    return Request(tag.url("action", script.url) or script.url, tag.method(), heard)


async def _collect(
    script: "Script", tag: "Tag", ears: Ears, prompts: "asyncio.Task[Step]"
) -> tuple[str, str]:
    """The digits, and the key that finished them, if one did. Noise doesn't lengthen the wait for a key."""
    timeout, most = timedelta(seconds=tag.whole("timeout", 5)), tag.whole("numDigits", 0)
    finish_on, clock = tag.word("finishOnKey", "#"), script.exchange.clock
    digits, until = "", None
    while True:
        left = None if until is None else max((until - clock.now()).total_seconds(), 0)
        match await ears.get(within=left):
            case Quiet():
                until = clock.now() + timeout
            case Key(key):
                prompts.cancel()
                until = clock.now() + timeout
                if key in finish_on:
                    return digits, key
                digits += key
                if len(digits) == most:
                    break
            case Spoken() if left == 0:
                break
            case None:
                break
    return digits, ""
