"""An agent who could be rung, as the strategies see one."""

from dataclasses import dataclass

from routing.policy.skills import Profile


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ready agent. Moments are seconds since 1970; none of this changes while the agent is ready.

    `calls` were taken since signing in; `occupancy` is the share of the time at work that was spent on calls,
    as it was when the agent became ready; `rung_at` is when an offer was last made, `talk_seconds` what a
    call takes this agent.
    """

    name: str
    profile: Profile
    ready_since: float
    calls: int = 0
    occupancy: float = 0.0
    rung_at: float = 0.0
    talk_seconds: float = 180.0
