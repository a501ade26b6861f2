"""`hotline call`: a telephone in the terminal, or a written call that plays by itself."""

import asyncio
import signal
from pathlib import Path

import click

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, kill, and a terminal that is closed
FILE = click.Path(dir_okay=False, path_type=Path)
WRITTEN = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--from", "caller", default="+8643188880001", show_default=True, help="Your number, or withheld."
)
@click.option("--to", help="Call this number instead of the hotline's.")
@click.option("--script", type=WRITTEN, help="Play this written call.")
@click.option("--save", type=FILE, help="Write the call down in this file, to be played again.")
@click.option("--stay", is_flag=True, help="Stay at the telephone afterwards: the hotline may call back.")
def call(caller: str, to: str | None, script: Path | None, save: Path | None, stay: bool) -> None:
    """Call the hotline from this terminal, or play a written call.

    0 to 9, * and # are the keys of the telephone; / or s begins words to be spoken, up to Enter; h hangs
    up. From a pipe, each character is a key (w waits half a second), and a line that begins with / or with
    s and a blank is spoken. With --stay the telephone rings afterwards when the hotline calls back: a
    accepts, d declines, h leaves. A call that fails, and a written one that goes another way, ends with exit
    code 1 and a sentence.
    """
    from terminal.numbers import caller_of, is_caller, number
    from terminal.refusal import Refusal

    if script and save:
        raise click.UsageError("--save writes down a live call, --script plays a written one")
    if not is_caller(caller):
        raise Refusal(f"'{caller}' is no number to call from", "give one in quotes, or --from withheld")
    if stay and (script or caller_of(caller) is None):
        raise click.UsageError("--stay needs a live call and a number that the hotline can call back")
    dialled = number(to) if to else None
    if script:
        asyncio.run(_played(script, dialled))
    else:
        asyncio.run(_live(caller_of(caller), dialled, save, stay))


async def _live(caller: str | None, to: str | None, save: Path | None, stay: bool) -> None:
    from terminal.called import Called
    from terminal.dialpad import DialPad
    from terminal.keys import Keys, one_at_a_time
    from terminal.paper import written_down
    from terminal.reach import reach
    from terminal.refusal import Refusal
    from terminal.saving import Notes
    from terminal.screen import Screen

    at = reach()
    dialled = to or at.running.number
    screen, notes = Screen(), Notes(caller)
    phone = await at.phone(caller if stay else None)
    try:
        with written_down(notes, save), one_at_a_time():
            keys = Keys(screen.typing)
            for number in ENDS:
                asyncio.get_running_loop().add_signal_handler(number, keys.put, "h")
            line = await at.dial(phone, dialled, caller)
            screen.line(f"{caller or 'a withheld number'} calls {dialled}; / speaks, h hangs up")
            pad = DialPad(line, screen, notes)
            await pad.use(keys)
            if stay and not pad.failed:
                await Called(phone, screen, keys).stay()
    finally:
        await phone.close()
    if pad.failed:
        raise Refusal(*_why(dialled, at.running.number))


def _why(dialled: str, hotline: str) -> tuple[str, str]:
    """Why a call failed that the caller did not end, and the mend."""
    from terminal.reach import SEE

    if dialled != hotline:
        return f"there is no telephone at {dialled}: here is only the hotline", f"call {hotline}"
    return "the hotline did not take the call, or lost it", SEE


async def _played(file: Path, to: str | None) -> None:
    from carrier.phone import Line
    from terminal.ear import Ear
    from terminal.play import Differs, play
    from terminal.reach import reach
    from terminal.refusal import Refusal
    from terminal.screen import Screen
    from terminal.script import read

    script, problems = read(file)
    if script is None:
        raise Refusal("\n".join(map(str, problems)))
    if script.when:
        raise Refusal(
            f"{file}: this call is written for {script.when:%Y-%m-%d %H:%M}, and now it is another time",
            "hotline check plays it, on a clock of its own",
        )
    at = reach()
    phone = await at.phone()
    screen = Screen()
    listening: list[asyncio.Task[None]] = []

    def follow(line: Line) -> None:
        listening.append(asyncio.create_task(Ear(line, screen).listen()))

    try:
        await play(script, phone, to or at.running.number, follow)
        await asyncio.gather(*listening)
    except (Differs, ConnectionError) as where:
        raise Refusal(str(where)) from None
    finally:
        await phone.close()
    click.echo(f"{file}: went as written, {len(script.steps)} steps")
