"""fewest-calls: whoever has taken the fewest calls since signing in; of those, who has been ready longest."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("fewest-calls", by="calls")
def fewest_calls(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return agent.calls, agent.ready_since
