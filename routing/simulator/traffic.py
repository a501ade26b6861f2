"""Who calls: a day of arrivals, drawn by chance, the same for every scenario that it is played in.

Calls of each queue and language come as a Poisson process whose rate changes with the hour; talks are
lognormal (Brown et al. 2005, "Statistical analysis of a telephone call center"), patience is exponential.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from random import Random

from routing.policy.skills import Lane
from routing.simulator.day import Arrival
from routing.simulator.house import EVER

HOUR, DAY = 3600.0, 86400.0
MOST_DIALS = 50  # in vain: a timetable has fewer
AS_EXPONENTIAL = sqrt(log(2))  # the spread at which talks scatter as much as exponential ones: by their mean

# Of 1000 calls of a day, how many come in each hour: quiet nights, a busy morning, a second wave after lunch.
CITY = (14, 11, 9, 9, 10, 15, 26, 43, 60, 68, 65, 56, 48, 52, 62, 63, 61, 58, 56, 56, 54, 47, 35, 22)


@dataclass(frozen=True)
class Stream:
    """Callers of one queue and language: how many come in each of the 24 hours, on average."""

    queue: str
    language: str
    hourly: tuple[float, ...]


@dataclass(frozen=True)
class Traffic:
    """What callers and their calls are like.

    `talk_seconds` is the mean of a talk and `talk_spread` the standard deviation of its logarithm, `patience`
    the mean of the seconds after which callers give up. Agents take `accept_seconds` to take an offer, and of
    all offers the share `missed` is taken by nobody.

    Of callers to whom a call-back is offered the share `asks` takes it. Of the times that one is called the
    share `reached` comes to a talk, `picks_up` seconds after dialling.
    """

    streams: tuple[Stream, ...]
    talk_seconds: float
    patience: float
    talk_spread: float = AS_EXPONENTIAL
    accept_seconds: float = 0.0
    missed: float = 0.0
    asks: float = 0.0
    reached: float = 1.0
    picks_up: float = 0.0

    @property
    def calls(self) -> float:
        """How many come in a day, on average."""
        return sum(self.hourly)

    @property
    def hourly(self) -> tuple[float, ...]:
        """How many come in each hour, on average."""
        return tuple(map(sum, zip(*(stream.hourly for stream in self.streams), strict=True)))

    def day(self, seed: int, number: int) -> list[Arrival]:
        """The callers of day `number`, in their order. Arrivals, talks, patience and offers each have chance
        of their own: what changes one of them leaves the others as they are."""
        came = sorted(
            (at, stream.queue, stream.language)
            for stream in self.streams
            for at in _moments(
                stream.hourly, _chance(seed, number, f"arrivals {stream.queue} {stream.language}")
            )
        )
        talk, patience, offers, asking, dials = (
            _chance(seed, number, what) for what in ("talk", "patience", "offers", "asking", "dials")
        )
        return [
            Arrival(
                at,
                f"{number}-{place}",
                Lane(queue, language),
                self.talk(talk),
                self.waits(patience),
                self.accept_seconds,
                self.misses(offers),
                self.asks_after(asking),
                self.unreached(dials),
                self.picks_up,
            )
            for place, (at, queue, language) in enumerate(came, 1)
        ]

    def talk(self, chance: Random) -> float:
        """The length of a talk."""
        return chance.lognormvariate(log(self.talk_seconds) - self.talk_spread**2 / 2, self.talk_spread)

    def waits(self, chance: Random) -> float:
        """For how long a caller waits at most."""
        return chance.expovariate(1 / self.patience) if self.patience < EVER else EVER

    def misses(self, chance: Random) -> tuple[float, ...]:
        """The offers that nobody takes before one is taken."""
        times = 0
        while chance.random() < self.missed:
            times += 1
        return (EVER,) * times

    def asks_after(self, chance: Random) -> float:
        """After how many seconds of waiting a caller takes a call-back that is offered."""
        return 0.0 if chance.random() < self.asks else EVER

    def unreached(self, chance: Random) -> int:
        """How often a caller is called back in vain before being reached."""
        times = 0
        while times < MOST_DIALS and chance.random() >= self.reached:
            times += 1
        return times


def profiled(calls: float, mix: Mapping[tuple[str, str], float]) -> tuple[Stream, ...]:
    """So many calls a day by the hours of a city hotline; `mix` has the share of each queue and language."""
    hourly = [calls * share / sum(CITY) for share in CITY]
    return tuple(
        Stream(queue, language, tuple(share * each for each in hourly))
        for (queue, language), share in mix.items()
    )


def lognormal_mean(middle: float, spread: float) -> float:
    """The mean of a lognormal time from the mean and the standard deviation of its logarithm."""
    return exp(middle + spread**2 / 2)


def _chance(seed: int, number: int, what: str) -> Random:
    return Random(f"{seed} {number} {what}")  # noqa: S311  # nothing secret


def _moments(hourly: Sequence[float], chance: Random) -> list[float]:
    moments = []
    for hour, calls in enumerate(hourly):
        at = hour * HOUR
        while calls > 0 and (at := at + chance.expovariate(calls / HOUR)) < (hour + 1) * HOUR:
            moments.append(at)
    return moments
