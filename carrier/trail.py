"""What the carrier has asked of the app lately: written on every request, so cheap; the last some hundred."""

import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from carrier.clock import Clock

KEPT = 400
"""Requests that are remembered."""
LONGEST = 16 * 1024
"""Bytes of an answer that are kept, and characters of one parameter."""


@dataclass(slots=True)
class Asked:
    """One request and, once it has come, its answer. A redirect, or another try, is one of its own."""

    number: int
    turn: int
    """Grows with every request and every answer, so that whoever looks again sees what is new."""
    at: datetime
    begun: float
    method: str
    url: str
    params: list[tuple[str, str]]
    call_sid: str
    status: int = 0
    """0 while there is no answer, or where none came."""
    seconds: float | None = None
    """How long it took; None while it is on its way."""
    kind: str = ""
    charset: str = ""
    body: bytes = b""
    size: int = 0
    trouble: str = ""


class Trail:
    """The requests, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: deque[Asked] = deque(maxlen=KEPT)
        self._turns = count(1)

    def begin(self, method: str, url: str, params: list[tuple[str, str]], call_sid: str = "") -> Asked:
        """A request goes out."""
        turn = next(self._turns)
        kept = [(name, value[:LONGEST]) for name, value in params]
        asked = Asked(turn, turn, self._clock.now(), time.monotonic(), method, url, kept, call_sid)
        self._asked.append(asked)
        self._clock.activity.beat()
        return asked

    def answered(self, asked: Asked, status: int, kind: str, charset: str, body: bytes) -> None:
        """Its answer is here. Of a sound nothing is kept but its size."""
        asked.status, asked.kind, asked.charset, asked.size = status, kind, charset, len(body)
        if not kind.startswith(("audio/", "video/", "image/")):
            asked.body = body[:LONGEST]
        self._over(asked)

    def failed(self, asked: Asked, why: str) -> None:
        """No answer came."""
        asked.trouble = why
        self._over(asked)

    def since(self, turn: int) -> list[Asked]:
        """Those that are new, or answered, since then."""
        return [asked for asked in self._asked if asked.turn > turn]

    def _over(self, asked: Asked) -> None:
        asked.seconds, asked.turn = time.monotonic() - asked.begun, next(self._turns)
        self._clock.activity.beat()
