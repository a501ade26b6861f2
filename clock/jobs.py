"""The timed jobs, each one function of the hotline. Any of them may run late, twice, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass

from switchboard import recordings, sweep
from switchboard.hotline import Hotline
from switchboard.spool import Spool, register_all


@dataclass(frozen=True)
class Job:
    """Do `work` every `seconds`; by the clock that holds the lease, or by every clock with `everywhere`."""

    name: str
    seconds: float
    work: Callable[[Hotline, Spool], object]
    everywhere: bool = False


JOBS = (
    Job("deadlines", 1, lambda hotline, spool: sweep.each_second(hotline)),
    Job("reconcile", 5, lambda hotline, spool: sweep.reconcile(hotline)),
    Job("unregistered", 5, register_all, everywhere=True),  # the files of this very machine
    Job("missed-recordings", 600, lambda hotline, spool: recordings.fetch_missed(hotline)),
    Job("recordings", 3600, lambda hotline, spool: recordings.expire(hotline)),
    Job("tidy", 3600, lambda hotline, spool: sweep.tidy(hotline)),
)
