"""sticky: the agent who had this caller last, for whom the caller is kept for `keep_seconds`; after that, or
when there is none, whoever has been ready the longest."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("sticky")
def sticky(agent: Candidate, lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return agent.name != lane.wants, agent.ready_since
