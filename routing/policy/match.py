"""Who is rung for whom, from what is there at this moment.

The same function for the live dispatcher (over the tables), for the simulator (over heaps) and for a receipt
that is replayed. It looks at the first caller of every lane and at the first agent of every profile only.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane, Profile
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Reach, Rules
from routing.policy.urgency import urgency

RULES_OF_NOBODY = Rules("")


@dataclass(frozen=True, slots=True)
class Head:
    """The first caller of a lane: since when (seconds since 1970), and under which name."""

    lane: Lane
    since: float
    call: str


class Floor(Protocol):
    """Everybody who waits and everybody who is ready."""

    def profiles(self) -> Iterable[Profile]:
        """Every profile of which somebody is ready."""

    def heads(self) -> Iterable[Head]:
        """The first caller of every lane in which somebody waits."""

    def firsts(self, by: str) -> Mapping[Profile, Candidate]:
        """Of every profile the ready agent with the smallest `by`; of those, the one ready the longest."""

    def several(self, profile: Profile, by: str, most: int) -> Iterable[Candidate]:
        """So many ready agents of this profile as `most` says, in the order of `firsts`."""

    def agent(self, name: str) -> Candidate | None:
        """This agent, if ready."""


@dataclass(frozen=True)
class Choice:
    """A caller, and who is rung: `agents` has one, or with ring-all several, the first choice first. With an
    `interpreter` there is one agent, and both serve the caller together or neither does.

    `step` is the step of the queue's timeline that let the first one in. `heads`, with the urgency of each
    who could be served (None for the others), and `ready` are those between whom it was decided.
    """

    head: Head
    agents: tuple[Candidate, ...]
    step: int
    heads: tuple[tuple[Head, float | None], ...]
    ready: tuple[Candidate, ...]
    interpreter: Candidate | None = None

    @property
    def everybody(self) -> tuple[Candidate, ...]:
        """All who are rung."""
        return (*self.agents, self.interpreter) if self.interpreter else self.agents


def choose(floor: Floor, rules: Mapping[str, Rules], now: float) -> Choice | None:
    """The most urgent caller whom anybody ready may serve by now, and by whom. None: there is no such match.

    Of two callers as urgent, who came first goes first. Callers of a queue without rules wait. An agent and
    an interpreter together serve whom nobody ready may serve alone.
    """
    profiles = tuple(floor.profiles())
    if not profiles:
        return None
    heads = tuple((head, _urgency(floor, rules, profiles, head, now)) for head in floor.heads())
    open_to_somebody = [(-cost, head.since, head.call, head) for head, cost in heads if cost is not None]
    if not open_to_somebody:
        return None
    return _served(floor, rules, min(open_to_somebody, key=lambda one: one[:3])[3], heads, now)


def free(floor: Floor, rules: Mapping[str, Rules], lane: Lane, now: float) -> bool:
    """Whether who comes into this lane now is served at once: somebody ready may serve it, and nobody of the
    same queue and language waits already."""
    if any((head.lane.queue, head.lane.language) == (lane.queue, lane.language) for head in floor.heads()):
        return False
    return _urgency(floor, rules, tuple(floor.profiles()), Head(lane, now, ""), now) is not None


@dataclass(frozen=True)
class Move:
    """A caller who has waited so long that `lane` is where to wait on, of a priority no lower than before."""

    head: Head
    lane: Lane


def overflowing(floor: Floor, rules: Mapping[str, Rules], now: float) -> Move | None:
    """The caller who has waited longest of those who are to wait in another queue by now; None: nobody is.

    To be asked before `choose`. The time already waited counts in the new queue too, its timeline included;
    queues overflow in no circle, so that it comes to an end.
    """
    if not any(queue.overflow for queue in rules.values()):
        return None
    moves = [
        (head.since, head.call, head, overflow[1])
        for head in floor.heads()
        if (overflow := _rules(rules, head).overflow) is not None and head.since + overflow[0] <= now
    ]
    if not moves:
        return None
    _, _, head, queue = min(moves, key=lambda one: one[:2])
    priority = max(head.lane.priority, rules[queue].priority if queue in rules else 0)
    return Move(head, replace(head.lane, queue=queue, priority=priority))


def due(floor: Floor, rules: Mapping[str, Rules], now: float) -> float | None:
    """When the next step of a timeline lets somebody ready serve a caller who waits, or moves one on; None:
    at no time.

    To be asked when `overflowing` and `choose` have found nobody.
    """
    profiles = tuple(floor.profiles())
    if not profiles and not any(queue.overflow for queue in rules.values()):
        return None
    moments = (moment for head in floor.heads() for moment in _moments(_rules(rules, head), head, profiles))
    return min((moment for moment in moments if moment > now), default=None)


def _moments(rules: Rules, head: Head, profiles: Collection[Profile]) -> Iterator[float]:
    for profile in profiles:
        if (reach := rules.reach(head.lane, profile)) is not None:
            yield head.since + reach.after
    for _, _, reach in pairs(rules, head.lane, profiles):
        yield head.since + reach.after
    if rules.overflow is not None:
        yield head.since + rules.overflow[0]


def _rules(rules: Mapping[str, Rules], head: Head) -> Rules:
    return rules.get(head.lane.queue, RULES_OF_NOBODY)


def _urgency(
    floor: Floor, rules: Mapping[str, Rules], profiles: tuple[Profile, ...], head: Head, now: float
) -> float | None:
    """What a further second costs, by the greatest share that this queue has of anybody who may serve the
    caller by now, together with an interpreter if not alone; None: nobody may."""
    queue = _rules(rules, head)
    shares = [queue.share(p) for p in profiles if _open(queue.reach(head.lane, p), head, now)]
    kept_for = _kept_for(floor, queue, head)
    if kept_for is not None:
        shares.append(queue.share(kept_for.profile))
    if not shares:
        shares = [queue.share(agent) for agent, _, _ in _pairs_open(queue, head, profiles, now)]
    return urgency(head.lane.priority, now - head.since, max(shares)) if shares else None


def pairs(
    queue: Rules, lane: Lane, profiles: Collection[Profile]
) -> Iterator[tuple[Profile, Profile, Reach]]:
    """Profiles of agents and interpreters who may serve a lane together, sooner or later, and when."""
    interpreters = [one for one in profiles if one.interprets] if queue.interpreted else []
    for interpreter in interpreters:
        for agent in profiles:
            if (reach := queue.reach_of_pair(lane, agent, interpreter)) is not None:
                yield agent, interpreter, reach


def served_by(queue: Rules, lane: Lane, profiles: Collection[Profile]) -> set[Profile]:
    """Those of these profiles who may serve a lane, sooner or later, alone or two together."""
    alone = {one for one in profiles if queue.reach(lane, one) is not None}
    return alone.union(*((agent, interpreter) for agent, interpreter, _ in pairs(queue, lane, profiles)))


def _pairs_open(
    queue: Rules, head: Head, profiles: Collection[Profile], now: float
) -> list[tuple[Profile, Profile, Reach]]:
    return [pair for pair in pairs(queue, head.lane, profiles) if _open(pair[2], head, now)]


def _open(reach: Reach | None, head: Head, now: float) -> bool:
    return reach is not None and head.since + reach.after <= now


def _kept_for(floor: Floor, queue: Rules, head: Head) -> Candidate | None:
    """The agent whom the caller is kept for, if ready and able."""
    name = queue.kept_for(head.lane)
    agent = floor.agent(name) if name else None
    return agent if agent is not None and queue.receives(head.lane, agent.profile) else None


def _served(
    floor: Floor,
    rules: Mapping[str, Rules],
    head: Head,
    heads: tuple[tuple[Head, float | None], ...],
    now: float,
) -> Choice:
    queue = _rules(rules, head)
    strategy = STRATEGIES[queue.strategy]
    firsts = floor.firsts(strategy.by)
    kept_for = _kept_for(floor, queue, head)
    if kept_for is not None:
        return Choice(head, (kept_for,), 0, heads, (kept_for, *firsts.values()))
    ranked = []
    for profile, first in firsts.items():
        reach = queue.reach(head.lane, profile)
        if reach is None or not _open(reach, head, now):
            continue
        several = strategy.most > 1
        for agent in floor.several(profile, strategy.by, strategy.most) if several else (first,):
            key = strategy.key(agent, head.lane, queue)
            ranked.append((reach.step, reach.missing, key, agent.name, agent))
    if not ranked:
        return _served_together(floor, queue, head, heads, now)
    ranked.sort(key=lambda one: one[:4])
    agents = tuple(one[4] for one in ranked[: strategy.most])
    others = (one for one in firsts.values() if one not in agents)
    return Choice(head, agents, ranked[0][0], heads, (*agents, *others))


def _served_together(
    floor: Floor, queue: Rules, head: Head, heads: tuple[tuple[Head, float | None], ...], now: float
) -> Choice:
    """The queue's strategy names the agent. Of the interpreters who understand that one, who serves no queue
    goes first, then who would be missed least elsewhere, then who has been ready the longest."""
    strategy = STRATEGIES[queue.strategy]
    firsts, interpreters = floor.firsts(strategy.by), floor.firsts("ready_since")
    open_now = _pairs_open(queue, head, tuple(firsts), now)

    def of_agent(pair: tuple[Profile, Profile, Reach]) -> tuple[object, ...]:
        first, reach = firsts[pair[0]], pair[2]
        return reach.step, reach.missing, strategy.key(first, head.lane, queue), first.name

    def of_interpreter(pair: tuple[Profile, Profile, Reach]) -> tuple[object, ...]:
        first, step = interpreters[pair[1]], pair[2].step
        return step, bool(first.profile.queues), first.profile.rarity, first.ready_since, first.name

    best = min(open_now, key=of_agent)[0]
    _, interprets, reach = min((pair for pair in open_now if pair[0] == best), key=of_interpreter)
    agent, interpreter = firsts[best], interpreters[interprets]
    ready = (*firsts.values(), *(() if interpreter in firsts.values() else (interpreter,)))
    return Choice(head, (agent,), reach.step, heads, ready, interpreter)
