"""A recorded day, to be played again: the very callers, with the talks and the patience that they had.

What the day does not tell is drawn by chance, the same for every scenario: a talk for who was not answered,
and for who was, how much longer than it took that caller would have waited (patience has no memory). A ring
in the middle of which the caller left would have gone on for what agents take. Who asked for a call-back asks
for it again, after as long a wait; who gave up does not. How often a caller would be called in vain who was
not called back is chance, too.
"""

from collections.abc import Iterable, Mapping
from random import Random
from types import MappingProxyType

from routing.policy.skills import Lane
from routing.simulator.day import ASKING, Arrival
from routing.simulator.house import EVER
from routing.simulator.past import Past, midnight
from routing.simulator.traffic import MOST_DIALS, Traffic


def replay(
    calls: Iterable[Past],
    traffic: Traffic,
    priorities: Mapping[str, int],
    seed: int,
    paces: Mapping[str, float] = MappingProxyType({}),
) -> list[Arrival]:
    """The arrivals of these calls of one day, in their order. `traffic` has what chance needs, and
    `priorities` those of the queues on that day: what a call had beyond it was given by the menu. With
    `paces` a talk takes its own agent as long as it did, and a faster one less."""
    chance = Random(f"{seed} replay")  # noqa: S311  # nothing secret
    return [_arrival(call, traffic, priorities, chance, paces.get(call.agent or "", 1.0)) for call in calls]


def _arrival(
    call: Past, traffic: Traffic, priorities: Mapping[str, int], chance: Random, pace: float
) -> Arrival:
    talk, more = traffic.talk(chance), traffic.waits(chance)  # for every call, so that no call moves another
    by_menu = call.priority if call.priority != priorities.get(call.queue) else 0
    asks, unreached = traffic.asks_after(chance), traffic.unreached(chance)
    # Of these it is not known when they would have given up.
    stayed = call.talk is not None or call.left in ("asked", "turned-away")
    if call.reached:
        talk, unreached = call.reached.talk, call.dials
    elif call.dials:
        unreached = MOST_DIALS
    if call.left == "asked":
        asks = max(0.0, call.waited - ASKING)
    elif call.left == "gave-up":
        asks = EVER
    return Arrival(
        call.since.timestamp() - midnight(call.since.date(), call.since.tzinfo).timestamp(),
        call.call,
        Lane(call.queue, call.language, by_menu, call.wants),
        talk if call.talk is None else call.talk * pace,
        call.waited + more if stayed else call.waited,
        call.rings if call.talk is not None else call.rings + traffic.accept_seconds,
        call.missed,
        asks,
        unreached,
        call.reached.picks_up if call.reached else traffic.picks_up,
    )
