"""How long callers wait before they give up, from those who have waited."""

from collections.abc import Iterable

FEW = 5  # who gave up: with fewer, nothing is said


def patience(waits: Iterable[tuple[float, bool]]) -> tuple[float, int] | None:
    """The mean of exponential patience, in seconds, and how many gave up; None where hardly anybody did.

    `waits` has for how long each caller was on the line, and whether the caller then gave up: who was
    answered, asked for a call-back or was led away would have waited longer than that. The time that all
    waited, by how many gave up, is the likeliest mean.
    """
    waits = list(waits)
    gave_up = sum(left for _, left in waits)
    total = sum(seconds for seconds, _ in waits)
    return (total / gave_up, gave_up) if gave_up >= FEW and total > 0 else None
