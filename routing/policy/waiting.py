"""How long a caller is told that the wait will be."""

from math import ceil


def minutes(ahead: int, agents: int, talk_seconds: float) -> int | None:
    """Whole minutes until the caller's turn, rounded up; None when nobody is on duty to say it of.

    `ahead` callers go first, then this one; `agents` free up one every `talk_seconds` / `agents` seconds.
    """
    if agents < 1:
        return None
    return max(1, ceil((ahead + 1) * talk_seconds / agents / 60))
