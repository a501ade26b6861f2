"""longest-idle: whoever has been ready the longest. Fair, and what everybody expects."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("longest-idle")
def longest_idle(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return (agent.ready_since,)
