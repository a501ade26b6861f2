"""The life of a call.

    ┌── leave ──┐      ┌── return ──┐
    ▼           │      ▼            │
  menu ─ enqueue ─▶ waiting ─ offer ─▶ offered ─ talk ─▶ talking ─ finish ─▶ menu
                       ▲                                    │
                       └──────────────── drop ──────────────┘
and from anywhere end ─▶ ended; from menu and talking rescue ─▶ waiting
"""

from enum import StrEnum


class State(StrEnum):
    """Where a call is: exactly one of these."""

    MENU = "menu"
    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    ENDED = "ended"


LIVE = frozenset(State) - {State.ENDED}

MOVES: dict[str, tuple[frozenset[State], State]] = {
    "enqueue": (frozenset({State.MENU}), State.WAITING),
    "leave": (frozenset({State.WAITING}), State.MENU),
    "offer": (frozenset({State.WAITING}), State.OFFERED),
    "return": (frozenset({State.OFFERED}), State.WAITING),
    "talk": (frozenset({State.OFFERED}), State.TALKING),
    "drop": (frozenset({State.TALKING}), State.WAITING),
    "finish": (frozenset({State.TALKING}), State.MENU),
    "rescue": (frozenset({State.MENU, State.TALKING}), State.WAITING),
    "end": (LIVE, State.ENDED),
}


class MoveRefused(Exception):
    """A call cannot make this move from where it is."""


class Overtaken(Exception):
    """Somebody else changed the row first. Roll back, read it again and decide again."""


def after(move: str, state: State) -> State:
    """Where `move` takes a call that is in `state`."""
    starts, end = MOVES[move]
    if state not in starts:
        raise MoveRefused(f"cannot {move} a call that is {state}; it must be {' or '.join(sorted(starts))}")
    return end
