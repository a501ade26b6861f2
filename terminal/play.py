"""Plays a written call on a telephone: the real one of a running hotline, or one in a rehearsal."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

from carrier.phone import DidNotEnd, DidNotHear, Line, Phone
from terminal.script import Script, Step

HALF_A_SECOND = 0.5  # what a w among the keys waits


class Differs(AssertionError):
    """The call went another way than written; the message names the line and says what happened."""


async def play(
    script: Script, phone: Phone, hotline: str, placed: Callable[[Line], None] = lambda line: None
) -> Line:
    """Call `hotline` (or the script's own `to`) and follow the script; Differs where the call does not.

    `placed` is given the line as soon as there is one. A call that the script leaves open is hung up.
    """
    line = await phone.dial(script.to or hotline, script.caller)
    placed(line)
    try:
        for step in script.steps:
            try:
                await STEPS[step.kind](line, step)
            except (DidNotHear, DidNotEnd, ConnectionError) as what:
                raise Differs(f"{script.file}:{step.line}: {what}") from None
            except Gone:
                raise Differs(
                    f"{script.file}:{step.line}: the caller {step.kind} {step.value}".rstrip()
                    + f", but the call has ended ({line.status})"
                ) from None
    finally:
        if line.live:
            with suppress(ConnectionError):  # then the call is over too
                await line.hang_up()
    return line


class Gone(Exception):
    """The call has ended before the caller did something."""


def live(line: Line) -> Line:
    if not line.live:
        raise Gone
    return line


async def _hears(line: Line, step: Step) -> None:
    first, *others = re.split(r"\s*(?:\.\.\.|…)\s*", step.value.strip(" .…"))
    whole = re.compile(".*?".join(map(re.escape, [first, *others])), re.DOTALL)
    began_alike = ""
    while True:
        try:
            heard = await line.hears(first, step.within)
        except DidNotHear as what:
            raise DidNotHear(f"{what}{began_alike}") from None
        if whole.search(heard.text):
            return
        began_alike = f'; "{heard.text}" is not "{step.value}"'


async def _presses(line: Line, step: Step) -> None:
    for keys in re.findall("w|[^w]+", step.value):
        if keys == "w":
            await _pause(line, HALF_A_SECOND)
        else:
            await live(line).press(keys)


async def _waits(line: Line, step: Step) -> None:
    await _pause(live(line), float(step.value))


async def _pause(line: Line, seconds: float) -> None:
    with suppress(DidNotEnd):
        await line.ends(seconds)


async def _says(line: Line, step: Step) -> None:
    await live(line).speak(step.value)


async def _hangs_up(line: Line, step: Step) -> None:
    await live(line).hang_up()


async def _ends(line: Line, step: Step) -> None:
    status = await line.ends(step.within)
    if status != step.value:
        raise DidNotEnd(f"the call ended as {status}, not as {step.value}")


STEPS: dict[str, Callable[[Line, Step], Awaitable[None]]] = {
    "hears": _hears,
    "presses": _presses,
    "waits": _waits,
    "says": _says,
    "hangs up": _hangs_up,
    "ends": _ends,
}
