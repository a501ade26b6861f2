"""The rules as they are in force at a moment: some queues closed, the calls of some kept for a director."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from routing.policy.timeline import Rules, Seat


@dataclass(frozen=True)
class Kept:
    """For now the callers of `queue` wait `seconds` for nobody but `seat`."""

    queue: str
    seat: Seat
    seconds: float


def in_force(
    rules: Mapping[str, Rules],
    closed: Collection[str],
    kept: Collection[Kept],
    out_of_hours: Collection[str] = (),
) -> dict[str, Rules]:
    """The rules, but that the queues in `closed` serve nobody and nobody is moved to them.

    Nobody is moved to those that are `out_of_hours` either, but who waits there already is still served.
    `kept` are those whose seat is on duty: while it is away, the usual agents are rung at once.
    """
    seats = {one.queue: one for one in kept}
    shut = {*closed, *out_of_hours}
    return {
        name: _kept(_without(queue, shut), seats.get(name))
        for name, queue in rules.items()
        if name not in closed
    }


def _without(queue: Rules, shut: Collection[str]) -> Rules:
    if not any(step.move in shut for step in queue.steps):
        return queue
    steps = (replace(step, move=None) if step.move in shut else step for step in queue.steps)
    return replace(queue, steps=tuple(steps))


def _kept(queue: Rules, kept: Kept | None) -> Rules:
    return replace(queue, seat=kept.seat, keep_seconds=kept.seconds) if kept else queue
