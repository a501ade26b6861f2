"""What callers and agents were like, by maximum likelihood from the hotline's own calls."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist, fmean, stdev
from types import MappingProxyType

from routing.policy.patience import patience as patience_of
from routing.simulator.figures import Estimate
from routing.simulator.house import EVER
from routing.simulator.past import Past
from routing.simulator.staff import HOURS
from routing.simulator.traffic import Stream, Traffic, lognormal_mean

CERTAIN = NormalDist().inv_cdf(0.975)  # half of a 95 % confidence interval, in standard errors
SHORTEST = 1.0  # seconds of a talk: shorter ones count as this, for their logarithm
FEW = 5  # talks, offers or calls: with fewer, nothing is said
NOWHERE: Mapping[str, float] = MappingProxyType({})


class TooFew(Exception):
    """There is not enough in the tables to learn from."""


@dataclass(frozen=True)
class Fitted:
    """What was learnt from `calls` calls of `days` days, with 95 % confidence intervals. `patience` is None
    where hardly anybody left the queue; the traffic then has callers who never do. `asks` and `reached` are
    None, and 0 in the traffic, where hardly anybody was offered a call-back, or called back."""

    traffic: Traffic
    days: int
    calls: int
    a_day: Estimate
    talk: Estimate
    patience: Estimate | None
    accept: Estimate
    missed: Estimate
    asks: Estimate | None
    reached: Estimate | None


def fit(calls: Iterable[Past], days: int, offered: Mapping[str, float] = NOWHERE) -> Fitted:
    """Learn from all calls of these days; TooFew where there are next to none. `offered` has after how many
    seconds of waiting each queue offers a call-back."""
    calls = list(calls)
    taken = [call for call in calls if call.talk is not None]
    if len(taken) < FEW:
        raise TooFew(f"only {len(taken)} of {len(calls)} calls were answered")
    talk, spread = talks([call.talk or 0.0 for call in taken])
    accept = _mean([call.rings for call in taken])
    missed = _share(sum(len(call.missed) for call in calls), len(taken))
    given_up = patience(calls)
    asked = sum(call.left == "asked" for call in calls)
    heard = sum(call.left == "asked" or call.waited >= offered.get(call.queue, EVER) for call in calls)
    asks = _share(asked, heard - asked) if asked and heard >= FEW else None
    picked_up = [call.reached.picks_up for call in calls if call.reached]
    in_vain = sum(call.dials for call in calls)
    reached = _share(len(picked_up), in_vain) if len(picked_up) + in_vain >= FEW else None
    traffic = Traffic(
        streams(calls, days),
        talk.mean,
        given_up.mean if given_up else EVER,
        spread,
        accept.mean,
        missed.mean,
        asks.mean if asks else 0.0,
        reached.mean if reached else 0.0,
        fmean(picked_up) if picked_up else 0.0,
    )
    a_day = Estimate(len(calls) / days, CERTAIN * sqrt(len(calls)) / days)
    return Fitted(traffic, days, len(calls), a_day, talk, given_up, accept, missed, asks, reached)


def paces(calls: Iterable[Past]) -> dict[str, float]:
    """How many times as fast as the average each agent is, as far as it is no chance: an agent's mean talk
    counts the more, the more talks it is of and the more agents differ (Buehlmann 1967, "Experience rating
    and credibility"; its estimators as in Klugman et al., "Loss Models", for groups of different size)."""
    talks = defaultdict(list)
    for call in calls:
        if call.agent is not None and call.talk is not None:
            talks[call.agent].append(max(call.talk, SHORTEST))
    groups = {agent: theirs for agent, theirs in talks.items() if len(theirs) > 1}
    if len(groups) < 2:
        return {}
    sizes = {agent: len(theirs) for agent, theirs in groups.items()}
    means = {agent: fmean(theirs) for agent, theirs in groups.items()}
    total = sum(sizes.values())
    overall = sum(sizes[agent] * means[agent] for agent in groups) / total
    within = sum((each - means[agent]) ** 2 for agent, theirs in groups.items() for each in theirs)
    within /= total - len(groups)
    between = sum(sizes[agent] * (means[agent] - overall) ** 2 for agent in groups)
    between = (between - within * (len(groups) - 1)) / (total - sum(n * n for n in sizes.values()) / total)
    if between <= 0:
        return {}
    trust = {agent: n / (n + within / between) for agent, n in sizes.items()}
    return {agent: overall / (trust[agent] * means[agent] + (1 - trust[agent]) * overall) for agent in groups}


def streams(calls: Iterable[Past], days: int) -> tuple[Stream, ...]:
    """Calls an hour of each queue and language: how many came in that hour, by the number of days."""
    came = Counter((call.queue, call.language, call.since.hour) for call in calls)
    return tuple(
        Stream(queue, language, tuple(came[queue, language, hour] / days for hour in range(HOURS)))
        for queue, language in sorted({(queue, language) for queue, language, _ in came})
    )


def talks(seconds: Sequence[float]) -> tuple[Estimate, float]:
    """The mean of lognormal talks and the spread of their logarithm; the interval is Cox's (Zhou and Gao
    1997, "Confidence intervals for the log-normal mean")."""
    logs = [log(max(each, SHORTEST)) for each in seconds]
    spread = stdev(logs)
    mean = lognormal_mean(fmean(logs), spread)
    error = sqrt(spread**2 / len(logs) + spread**4 / (2 * len(logs)))
    return Estimate(mean, CERTAIN * error * mean), spread


def patience(calls: Iterable[Past]) -> Estimate | None:
    """The mean of exponential patience; None where hardly anybody gave up."""
    found = patience_of((call.waited, call.left == "gave-up") for call in calls)
    if found is None:
        return None
    mean, gave_up = found
    return Estimate(mean, CERTAIN * mean / sqrt(gave_up))


def _mean(seconds: Sequence[float]) -> Estimate:
    return Estimate(fmean(seconds), CERTAIN * stdev(seconds) / sqrt(len(seconds)))


def _share(some: int, others: int) -> Estimate:
    """Which share some are of all."""
    share = some / (some + others)
    return Estimate(share, CERTAIN * sqrt(share * (1 - share) / (some + others)))
