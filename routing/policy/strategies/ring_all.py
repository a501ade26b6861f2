"""ring-all: every ready agent at once; whoever accepts first has the call."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("ring-all", all=True)
def ring_all(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return (agent.ready_since,)
