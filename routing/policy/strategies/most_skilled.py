"""most-skilled: whoever has the highest levels in what the call needs, the language first."""

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.strategies import strategy
from routing.policy.timeline import Rules


@strategy("most-skilled")
def most_skilled(agent: Candidate, lane: Lane, rules: Rules) -> tuple[float, ...]:
    levels = agent.profile.levels
    topics = sum(levels.get(topic, 0) for topic in rules.topics)
    return -levels.get(lane.language, 0), -topics, agent.ready_since
