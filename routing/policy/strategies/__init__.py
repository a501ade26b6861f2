"""Which of several agents is rung: a strategy is a sort key with a name, in a file of its own.

Agents come in order of the step that let them in, then of the preferred skills they lack, then of the key;
the smallest goes first. Among agents of one profile the key must give the order of the field in `by`: so
the first of each profile is found in an index, and never by looking at all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from routing.policy.candidate import Candidate
from routing.policy.skills import Lane
from routing.policy.timeline import Rules

Key = Callable[[Candidate, Lane, Rules], tuple[float, ...]]


@dataclass(frozen=True)
class Strategy:
    """`by` is what orders the agents of one profile: the name of a field of Candidate. So many of the first
    as `most` says are rung at once."""

    name: str
    key: Key
    by: str
    most: int = 1


STRATEGIES: dict[str, Strategy] = {}


def strategy(name: str, by: str = "ready_since", *, most: int = 1) -> Callable[[Key], Key]:
    """Make a key a strategy that queues.yml can name."""

    def register(key: Key) -> Key:
        STRATEGIES[name] = Strategy(name, key, by, most)
        return key

    return register


for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
