"""One step through a menu: from where the caller is and what happened to what they hear and where next."""

from dataclasses import dataclass

from calls.verbs import Verb
from ivr.events import Arrived, Event, Found, Keys, Recorded, Returned, Silence, Transferred
from ivr.menu import Menu
from ivr.place import Facts, Place
from ivr.wants import Ask, End, ToNumber, ToQueue, ToRecorder, Want

__all__ = [
    "Arrived",
    "Ask",
    "End",
    "Event",
    "Facts",
    "Found",
    "Keys",
    "Place",
    "Recorded",
    "Returned",
    "Silence",
    "Step",
    "ToNumber",
    "ToQueue",
    "ToRecorder",
    "Transferred",
    "Want",
    "step",
]


@dataclass(frozen=True)
class Step:
    """What the caller hears now, where they are then, what the switchboard must do, and the nodes passed."""

    verbs: tuple[Verb, ...]
    place: Place
    wants: Want | None
    path: tuple[str, ...]


def step(menu: Menu, place: Place, event: Event, facts: Facts) -> Step:
    """Take the caller on from `place`: through nodes that ask nothing to one that waits or hands off."""
    raise NotImplementedError
