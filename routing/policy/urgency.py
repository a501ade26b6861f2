"""Who is next: the caller whose delay costs most.

urgency = share * (1 + priority / 10) * (seconds waited + priority)

The generalised c-mu rule (Van Mieghem, 1995) serves whose cost of delay grows fastest; with a cost that
grows with the square of the wait, that is the wait times the price of a second. A second of somebody with
priority 10 counts double, and begins as if 10 seconds had passed; priority 100 counts elevenfold and begins
at 100. All urgencies grow without bound, so nobody starves: who has waited w seconds at priority 0 goes
before everybody of priority p who has waited less than w / (1 + p / 10) - p seconds.
"""


def urgency(priority: int, waited: float, share: float = 1.0) -> float:
    """What a further second of this caller's wait costs. `waited` is in seconds, `share` the agent's for the
    queue, of 1 for an agent's greatest."""
    return share * (1 + priority / 10) * (max(waited, 0.0) + priority)


def waited(priority: int, urgent: float) -> float:
    """After how many seconds of waiting somebody of this priority is so urgent."""
    return urgent / (1 + priority / 10) - priority
