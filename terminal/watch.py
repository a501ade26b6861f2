"""Asks the parts how they are after each start, and says when all of them answer."""

import time
from collections.abc import Callable
from urllib.error import URLError
from urllib.request import urlopen

ANSWER = 0.5  # seconds a part may take to answer; the supervisor does nothing else meanwhile
SLOW = 60.0  # seconds after which a part that doesn't answer is spoken of


class Watch:
    """`health` is where each part is asked. `well()` is called once, when all answer for the first time."""

    def __init__(
        self, health: dict[str, str], say: Callable[[str, str], None], well: Callable[[], None]
    ) -> None:
        self._health = health
        self._say = say
        self._well = well
        self._pids: dict[str, int] = {}
        self._silent: dict[str, float] = {}  # parts that haven't answered yet, and since when
        self._were_well = False

    def started(self, pids: dict[str, int]) -> None:
        for name in self._health:
            if pids.get(name) != self._pids.get(name):
                self._silent[name] = time.monotonic()
        self._pids = pids

    def beat(self) -> None:
        for name, since in list(self._silent.items()):
            if answers(self._health[name]):
                del self._silent[name]
                if self._were_well:
                    self._say(name, "answers again")
            elif time.monotonic() - since > SLOW:
                self._silent[name] = time.monotonic()
                self._say(name, f"has not answered at {self._health[name]} for {SLOW:.0f} s")
        if not self._silent and not self._were_well:
            self._were_well = True
            self._well()


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=ANSWER) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
