"""ring-all: all ready agents at once, the 40 who have been ready the longest where there are more; whoever
accepts first has the call."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules

MOST = 40  # the seats of a whole hotline; each of them is a telephone to be rung in the same moment


@strategy("ring-all", most=MOST)
def ring_all(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return (agent.ready_since,)
