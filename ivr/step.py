"""One step through a menu: from where the caller is and what happened to what they hear and where next."""

from collections.abc import Mapping
from dataclasses import dataclass

from calls.verbs import Gather, HangUp, Verb
from ivr.events import Arrived, Event, Found, Keys, Recorded, Returned, Silence, Transferred
from ivr.menu import Menu
from ivr.nodes.base import PERSON, Go, Move, Stop, Turn
from ivr.place import Facts, Place
from ivr.prompt import Verbs
from ivr.wants import Ask, End, ToCallBack, ToNumber, ToQueue, ToRecorder, Want

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
    "ToCallBack",
    "ToNumber",
    "ToQueue",
    "ToRecorder",
    "Transferred",
    "Want",
    "step",
]

MAX_TURNS = 60  # then the caller gets a person, whatever they press
MORE_TURNS = 5  # and if the queue keeps sending them back: an apology and the end
MAX_NODES = 60  # passed in one step; only a menu that the checks refuse goes on longer


@dataclass(frozen=True)
class Step:
    """What the caller hears now, where they are then, what the switchboard must do, and the nodes entered."""

    verbs: tuple[Verb, ...]
    place: Place
    wants: Want | None
    path: tuple[str, ...]


def step(menu: Menu, place: Place, event: Event, facts: Facts) -> Step:
    """Take the caller on from `place`: through nodes that ask nothing to one that waits or hands off.

    It never raises for anything a caller does, and a call has no more than MAX_TURNS + MORE_TURNS steps.
    """
    said: Verbs = ()
    path: list[str] = []
    move = _answer(menu, place, event, facts)
    while isinstance(move, Go):
        at = move.then if move.then in menu.nodes and len(path) < MAX_NODES else PERSON
        said += move.verbs
        path.append(at)
        place = Place(at, move.language or place.language, 0, _entered(place, move), place.turns)
        move = menu.nodes[at].enter(Turn(place, facts, menu.texts))
    place = Place(place.at, place.language, move.tries, _entered(place, move), place.turns + 1)
    return Step(_together(said, move.verbs), place, move.wants, tuple(path))


def _answer(menu: Menu, place: Place, event: Event, facts: Facts) -> Move:
    if isinstance(event, Arrived):
        return Go(menu.start)
    turn = Turn(place, facts, menu.texts)
    if place.turns >= MAX_TURNS + MORE_TURNS:
        return Stop((*turn.text("error"), *turn.text("goodbye"), HangUp()), End("failed"))
    if place.turns >= MAX_TURNS or place.at not in menu.nodes:
        return Go(PERSON)
    return menu.nodes[place.at].answer(turn, event) or Go(place.at)


def _entered(place: Place, move: Move) -> Mapping[str, str]:
    return place.entered if move.entered is None else move.entered


def _together(said: Verbs, verbs: tuple[Verb, ...]) -> tuple[Verb, ...]:
    """A question takes up what was said before it, so that a caller who knows the menu may press at once."""
    if said and verbs and isinstance(verbs[0], Gather):
        asks = verbs[0]
        return (Gather(said + asks.prompts, asks.digits, asks.timeout, asks.finish_on), *verbs[1:])
    return said + verbs
