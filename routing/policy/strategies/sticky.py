"""sticky: the agent who had this caller last, for whom `match` keeps the caller for `keep_seconds`; after
that, or where there is none, this key: whoever has been ready the longest."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("sticky")
def sticky(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return (agent.ready_since,)
