"""How long a caller will wait, said honestly: from the agents at work and the queue ahead, as a range.

With n agents who all talk, each call taking 1/mu seconds, and callers who give up after 1/theta, the next one
is served or gone after 1/(n mu + i theta) seconds on average while i callers stand before this one. The wait
is the sum of those exponential times (Whitt 1999, "Predicting queueing delays"); its quantiles are taken from
the gamma distribution with the same mean and variance (Wilson and Hilferty 1931).
"""

from dataclasses import dataclass
from math import floor, log
from statistics import NormalDist

FOREVER = float("inf")
NEAR = 100  # callers ahead whose times are added up one by one


@dataclass(frozen=True)
class Wait:
    """Seconds until a caller's turn: half of the callers wait no longer than `p50`, 9 of 10 than `p90`."""

    mean: float
    variance: float

    @property
    def p50(self) -> float:
        return self.quantile(0.5)

    @property
    def p90(self) -> float:
        return self.quantile(0.9)

    def quantile(self, share: float) -> float:
        """The wait that this share of such callers do not exceed."""
        if self.mean <= 0:
            return 0.0
        spread = self.variance / self.mean**2 / 9
        return float(self.mean * max(0.0, 1 - spread + NormalDist().inv_cdf(share) * spread**0.5) ** 3)


def wait(ahead: float, agents: float, talk_seconds: float, patience: float = FOREVER) -> Wait | None:
    """The wait of a caller whom nobody is ready for. None when nobody is at work to say it of.

    `ahead` callers go first: not a whole number where others may serve them too. A call takes an agent
    `talk_seconds`, writing up included; callers give up after `patience` seconds on average.
    """
    if agents <= 0 or talk_seconds <= 0:
        return None
    served, gives_up = agents / talk_seconds, 1 / patience
    if not gives_up:
        return Wait((ahead + 1) / served, (ahead + 1) / served**2)
    near = ahead - max(0, floor(ahead) - NEAR)
    mean, variance = _near(near, served, gives_up)
    # Beyond them the sums are their integrals, from half a caller before to half of one after.
    first, last = (served + (callers + 0.5) * gives_up for callers in (near, ahead))
    return Wait(mean + log(last / first) / gives_up, variance + (1 / first - 1 / last) / gives_up)


def _near(ahead: float, served: float, gives_up: float) -> tuple[float, float]:
    """Mean and variance of the sum of the times, one by one."""
    mean = variance = 0.0
    left = ahead + 1
    while left > 0:
        part = min(1.0, left)
        rate = served + max(left - 1, 0.0) * gives_up
        mean += part / rate
        variance += part / rate**2
        left -= 1
    return mean, variance
