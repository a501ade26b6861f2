"""A call on a real terminal (a pseudo-terminal): one row below the lines, and nothing left behind."""

import fcntl
import os
import pty
import struct
import termios

import pytest

from terminal.screen import Screen, tail, width


@pytest.fixture
def narrow():
    """A screen of 20 columns, and what is shown on it."""
    person, program = pty.openpty()
    fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 20, 0, 0))
    with open(program, "w") as out:
        yield Screen(out), lambda: os.read(person, 65536).decode()
    os.close(person)


def test_words_wider_than_the_terminal_stay_in_one_row(narrow):
    screen, shown = narrow
    screen.typing("say: 我家门口的路灯坏了已经三天没有人来修")
    row = shown()
    assert row == "已经三天没有人来修"
    assert width(row) <= 19
    screen.typing("")
    assert shown() == "\r\x1b[K"


def test_a_terminal_that_does_not_say_how_wide_it_is_shows_the_words():
    person, program = pty.openpty()
    with open(program, "w") as out:
        Screen(out).typing("say: hello")
        assert os.read(person, 65536) == b"say: hello"
    os.close(person)


def test_the_end_of_what_is_typed_is_what_is_seen():
    assert tail("say: hello", 40) == "say: hello"
    assert tail("say: hello", 5) == "hello"
    assert tail("汉字汉字", 5) == "汉字"
    assert tail("汉", 1) == ""
