"""Who is at the seats: the people of agents.yml, multiplied or cut to a number of seats.

A seat is staffed by somebody who can what a person of the roster can. Seats beyond the roster begin with it
anew; of a part of it, those are there who keep the share of every language, topic and queue nearest to the
roster's. So the mix stays, 36 seats are the first 36 of 40, and as many seats as people are those people.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from routing.policy.skills import Profile, rarities
from routing.simulator.day import Worker
from routing.simulator.house import EVER
from routing.simulator.traffic import HOUR

HOURS = 24


Shifts = tuple[tuple[float, float], ...]  # from when to when, in seconds since midnight
ALIKE: Mapping[str, float] = MappingProxyType({})


def staff(
    roster: Mapping[str, Profile],
    hourly: Sequence[int],
    talk_seconds: float = 180.0,
    paces: Mapping[str, float] = ALIKE,
) -> list[Worker]:
    """Workers for so many seats in each of the 24 hours. Who is on a call at the end of a shift ends it.

    `paces` has those of people who are faster or slower than the average, whose talks take `talk_seconds`.
    """
    seated = seats(roster, max(hourly))
    return _workers(
        {name: roster[person] for name, person in seated},
        {name: paces.get(person, 1.0) for name, person in seated},
        talk_seconds,
        {name: _shifts(hourly, place) for place, (name, _) in enumerate(seated)},
    )


def staff_of(
    roster: Mapping[str, Profile],
    shifts: Mapping[str, Shifts],
    talk_seconds: float = 180.0,
    paces: Mapping[str, float] = ALIKE,
) -> list[Worker]:
    """The people of the roster who have shifts, in just those."""
    there = {name: profile for name, profile in roster.items() if name in shifts}
    return _workers(there, paces, talk_seconds, shifts)


def _workers(
    there: Mapping[str, Profile],
    paces: Mapping[str, float],
    talk_seconds: float,
    shifts: Mapping[str, Shifts],
) -> list[Worker]:
    rarity = rarities({name: profile.levels for name, profile in there.items()})
    return [
        Worker(
            name,
            replace(profile, rarity=rarity[name]),
            paces.get(name, 1.0),
            talk_seconds / paces.get(name, 1.0),
            shifts[name],
        )
        for name, profile in there.items()
    ]


def seats(roster: Mapping[str, Profile], number: int) -> list[tuple[str, str]]:
    """Who sits there, in the order in which seats are filled, each with the person of the roster: the second
    kim is kim#2."""
    order = _order(roster)
    rounds = (divmod(place, len(order)) for place in range(number))
    return [
        (order[place] if turn == 0 else f"{order[place]}#{turn + 1}", order[place]) for turn, place in rounds
    ]


def _order(roster: Mapping[str, Profile]) -> list[str]:
    """The roster so that each beginning of it has nearly the mix of the whole. The cost is that of people
    times kinds of people."""
    total = Counter(trait for profile in roster.values() for trait in _traits(profile))
    kinds: dict[Profile, list[str]] = {}
    for name, profile in roster.items():
        kinds.setdefault(profile, []).append(name)
    have: Counter[tuple[str, str]] = Counter()
    order: list[str] = []
    while kinds:
        wanted = {trait: total[trait] * (len(order) + 1) / len(roster) for trait in total}
        best = min(kinds, key=lambda kind: _gained(kind, have, wanted))
        order.append(kinds[best].pop(0))
        have.update(_traits(best))
        if not kinds[best]:
            del kinds[best]
    return order


def _gained(
    kind: Profile, have: Mapping[tuple[str, str], int], wanted: Mapping[tuple[str, str], float]
) -> float:
    """How the squared distance from what is wanted changes when one more of this kind is there."""
    return sum(1 + 2 * (have.get(trait, 0) - wanted[trait]) for trait in _traits(kind))


def _traits(profile: Profile) -> Iterable[tuple[str, str]]:
    yield from (("queue", queue) for queue, _ in profile.queues)
    yield from (("skill", skill) for skill, _ in profile.skills)
    if profile.interprets:
        yield "interpreter", ""


def _shifts(hourly: Sequence[int], place: int) -> Shifts:
    """From when to when this seat is staffed; after midnight until the last caller is served."""
    spans = []
    for there, hours in groupby(range(HOURS), key=lambda hour: hourly[hour] > place):
        if there:
            first, *rest = hours
            last = rest[-1] if rest else first
            spans.append((first * HOUR, EVER if last == HOURS - 1 else (last + 1) * HOUR))
    return tuple(spans)
