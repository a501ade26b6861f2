"""least-occupied: whoever has spent the smallest share of the time at work on calls."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("least-occupied", by="occupancy")
def least_occupied(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return agent.occupancy, agent.ready_since
