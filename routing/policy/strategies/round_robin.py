"""round-robin: one after the other, whether or not the last offer became a call."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("round-robin", by="rung_at")
def round_robin(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return agent.rung_at, agent.ready_since
