"""A citizen's telephone in the terminal, which stays for the hotline's call-back."""

import asyncio

import pytest

from carrier.phone import NobodyRang
from terminal.called import Called

STAYS, RINGS = "you stay at the telephone; h leaves", "your telephone rings: a accepts, d declines"


class Phone:
    """Rings with these lines, one after the other."""

    def __init__(self, *lines):
        self._lines = list(lines)

    async def rings(self, within):
        if not self._lines:
            await asyncio.sleep(0.01)
            raise NobodyRang("nobody")
        return self._lines.pop(0)


class Keys:
    """Keys, each pressed once so many lines of the screen say this."""

    piped = False

    def __init__(self, screen, *pressed):
        self._screen = screen
        self._pressed = list(pressed)

    async def next(self):
        while not self._pressed or self._screen.text().count(self._pressed[0][0]) < self._pressed[0][1]:
            await asyncio.sleep(0.01)
        return self._pressed.pop(0)[2]


def stays(screen, line, *pressed):
    phone = Phone(*([line] if line else []))
    asyncio.run(asyncio.wait_for(Called(phone, screen, Keys(screen, *pressed)).stay(), 30))
    return screen.text()


def test_it_rings_and_is_answered_by_a_key(telephone, screen):
    line = telephone.line("ringing")
    line.says("给您回电。接通请按1", "zh-CN")
    pressed = (RINGS, 1, "x"), (RINGS, 1, "a"), ("给您回电", 1, "1"), (RINGS, 1, "h"), (STAYS, 2, "h")
    stays(screen, line, *pressed)
    assert line.done == ["answer", "press 1", "hang up"]


def test_it_may_be_declined(telephone, screen):
    line = telephone.line("ringing")
    stays(screen, line, (RINGS, 1, "d"), (STAYS, 2, "h"))
    assert line.done == ["decline"]


def test_a_ring_that_stops_is_told_and_it_stays(telephone, screen):
    line = telephone.line("canceled")
    assert "it has stopped ringing" in stays(screen, line, (STAYS, 2, "h"))
    assert line.done == []


@pytest.mark.parametrize("key", ["h", "\x04"])
def test_somebody_leaves(screen, key):
    assert RINGS not in stays(screen, None, (STAYS, 1, key))
