"""Two calls that talk with each other until one of them leaves."""

from collections.abc import Iterable

from carrier.box import Box
from carrier.clock import Clock
from carrier.leg import Leg


class Bridge:
    """Opens when the first call enters; over for good when any leaves."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._inside: dict[str, tuple[Leg, Box[str]]] = {}
        self._over = False
        self._star: Leg | None = None

    async def talk(self, leg: Leg, within: float | None = None, star_leaves: bool = False) -> None:
        """Be on the bridge until the other leaves, or for so many seconds."""
        box: Box[str] = Box(self._clock)
        if self._over:
            return
        self._star = leg if star_leaves else self._star
        self._inside[leg.call.sid] = leg, box
        leg.audience = self
        with leg.staying(lambda: self._leave(leg)):
            await box.get(within)

    def others(self, leg: Leg) -> Iterable[Leg]:
        return [other for other, _ in self._inside.values() if other is not leg]

    def pressed(self, leg: Leg, key: str) -> None:
        if leg is self._star and key == "*":
            self.end()
            return
        for other in self.others(leg):
            other.exchange.medium.tone(other, key)

    def spoke(self, leg: Leg, seconds: float) -> None:
        """Nobody is told who speaks on a bridge."""

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
