"""The wait a caller is told: whole minutes, rounded up, and nothing where nobody is on duty."""

import pytest

from routing.policy.waiting import minutes


@pytest.mark.parametrize(
    ("ahead", "agents", "talk_seconds", "told"),
    [
        (0, 1, 180, 3),
        (0, 40, 180, 1),
        (9, 1, 180, 30),
        (9, 10, 180, 3),
        (10, 10, 180, 4),
        (0, 1, 10, 1),
        (0, 0, 180, None),
        (5, 0, 180, None),
    ],
)
def test_minutes(ahead: int, agents: int, talk_seconds: float, told: int | None) -> None:
    assert minutes(ahead, agents, talk_seconds) == told


def test_one_more_ahead_never_shortens_the_wait_and_one_more_agent_never_lengthens_it() -> None:
    for ahead in range(50):
        for agents in range(1, 40):
            here = minutes(ahead, agents, 180) or 0
            assert here <= (minutes(ahead + 1, agents, 180) or 0)
            assert here >= (minutes(ahead, agents + 1, 180) or 0)
