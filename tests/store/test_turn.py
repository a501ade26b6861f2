"""The right to write goes round: who stands in line comes before who has just written."""

import threading
from pathlib import Path

import pytest

from store.turn import OutOfTurn, Turn


def wait_in_line(turn: Turn, done: list[str], name: str) -> threading.Thread:
    """A thread that stands in the turnstile when this returns."""

    def write() -> None:
        with turn.taken():
            done.append(name)

    thread = threading.Thread(target=write)
    thread.start()
    while not turn._turnstile.locked():
        assert thread.is_alive()
    return thread


def test_who_comes_out_of_the_door_lets_the_next_one_in_first(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "hotline.db")
    done: list[str] = []
    with turn.taken():
        other = wait_in_line(turn, done, "other")
    with turn.taken():
        done.append("again")
    other.join(30)
    assert done == ["other", "again"]


def test_patience_ends(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "hotline.db", patience=0.01)
    inside, leave = threading.Event(), threading.Event()

    def linger() -> None:
        with turn.taken():
            inside.set()
            leave.wait(30)

    slow = threading.Thread(target=linger)
    slow.start()
    assert inside.wait(30)
    with pytest.raises(OutOfTurn, match="waited"), turn.taken():
        pass
    leave.set()
    slow.join(30)
    with turn.taken():
        pass


def test_another_process_waits_at_the_same_door(tmp_path: Path) -> None:
    # Two Turns share no lock in memory, as two processes do not.
    here, there = Turn(tmp_path / "hotline.db"), Turn(tmp_path / "hotline.db")
    order: list[str] = []

    def write() -> None:
        with there.taken():
            order.append("there")

    with here.taken():
        other = threading.Thread(target=write)
        other.start()
        other.join(0.2)
        assert other.is_alive()
        order.append("here")
    other.join(30)
    assert order == ["here", "there"]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutOfTurn, match="cannot be written"), Turn(tmp_path / "no" / "hotline.db").taken():
        pass
