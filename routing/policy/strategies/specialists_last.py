"""specialists-last: whoever would be missed least elsewhere, so that the only one who speaks Korean stays
free for Koreans."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("specialists-last")
def specialists_last(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return agent.profile.rarity, agent.ready_since
