"""fastest-first: whoever needs the least time for a call. The queue is shortest, and the fast have the most
work."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("fastest-first", by="talk_seconds")
def fastest_first(agent: Candidate, _lane: Lane, _rules: Rules) -> tuple[float, ...]:
    return agent.talk_seconds, agent.ready_since
