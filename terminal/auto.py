"""An agent who needs no keys: accepts every call, talks a while, hangs up, is ready again."""

import asyncio

from terminal.sitting import Sitting

LOOK = 0.2  # seconds


async def serve(sitting: Sitting, talk: float) -> None:
    """Do, again and again, what the seat and the telephone need now; whatever failed is done again."""
    answered: object = None
    talked = 0.0
    while True:
        await asyncio.sleep(LOOK)
        seat, line = sitting.seat, sitting.line
        if line is not None and line is not answered and line.live:
            answered = line
            await sitting.press("a")
        if seat is None:
            continue
        talked = talked + LOOK if seat.talk and seat.talk["connected"] else 0.0
        if seat.state in ("offline", "paused") and seat.then is None:
            await sitting.ask("ready")
        elif seat.state == "wrapping-up":
            await sitting.ask("wrap-up-done")
        elif talked > talk:
            talked = 0.0
            await sitting.press("h")
