"""Two calls that talk with each other until one of them leaves."""

from collections.abc import Callable, Iterable
from datetime import datetime

from carrier.box import Box
from carrier.clock import Clock
from carrier.leg import Leg


class Bridge:
    """Opens when the first call enters; over for good when any leaves."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.since: datetime | None = None
        """When both were on it; None if they never were."""
        self._inside: dict[str, tuple[Leg, Box[str]]] = {}
        self._when_together: list[Callable[[], None]] = []
        self._over = False
        self._star: Leg | None = None

    def when_together(self, begin: Callable[[], None]) -> None:
        """Call `begin` in the moment that both are on it."""
        self._when_together.append(begin)

    async def talk(self, leg: Leg, within: float | None = None, star_leaves: bool = False) -> None:
        """Be on the bridge until the other leaves, or for so many seconds."""
        box: Box[str] = Box(self._clock)
        if self._over:
            return
        self._star = leg if star_leaves else self._star
        self._inside[leg.call.sid] = leg, box
        leg.audience = self
        with leg.staying(lambda: self._leave(leg)):
            self._begin_if_together()
            await box.get(within)

    def others(self, leg: Leg) -> Iterable[Leg]:
        return [other for other, _ in self._inside.values() if other is not leg]

    def hears(self, leg: Leg) -> bool:
        return leg.call.sid in self._inside

    def pressed(self, leg: Leg, key: str) -> None:
        if leg is self._star and key == "*":
            self.end()
            return
        for other in self.others(leg):
            other.exchange.medium.tone(other, key)

    def spoke(self, leg: Leg, seconds: float) -> None:
        """Nobody is told who speaks on a bridge."""

    def _begin_if_together(self) -> None:
        if len(self._inside) == 2 and self.since is None:
            self.since = self._clock.now()
            for begin in self._when_together:
                begin()

    def _leave(self, leg: Leg) -> None:
        self._inside.pop(leg.call.sid, None)
        if leg.audience is self:
            leg.audience = None
        self.end()

    def end(self) -> None:
        """Let everybody go."""
        self._over = True
        for _, box in self._inside.values():
            box.put("over")
