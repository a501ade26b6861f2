"""Keys from a real terminal (a pseudo-terminal), and from a pipe."""

import asyncio
import os
import pty

import pytest

from terminal.keys import END, Keys, _plain, one_at_a_time


async def keys_of(source, number, echoed=None):
    keys = Keys(lambda words: None if echoed is None else echoed.append(words), source)
    return [await keys.next() for _ in range(number)]


@pytest.fixture
def terminal():
    """What a person types into, and what the program reads from."""
    person, program = pty.openpty()
    with open(program, closefd=True) as source, os.fdopen(person, "wb", buffering=0) as typing:
        yield typing, source


def test_a_terminal_hands_over_each_key_without_enter(terminal):
    typing, source = terminal
    with one_at_a_time(source):
        typing.write(b"4*")
        assert asyncio.run(keys_of(source, 2)) == ["4", "*"]


def test_words_are_echoed_while_they_are_typed_and_end_with_enter(terminal):
    typing, source = terminal
    echoed = []
    with one_at_a_time(source):
        typing.write("s여보세오\x7f요\n4/ok\rh".encode())
        assert asyncio.run(keys_of(source, 4, echoed)) == ["/여보세요", "4", "/ok", "h"]
    assert "say: 여보세오" in echoed
    assert echoed[-1] == ""


def test_keys_that_are_no_signs_press_nothing():
    """PageUp is ESC [ 5 ~ and F1 is ESC O P: neither is a 5 or a P."""
    sent = "1\x1b[5~2\x1b[A\x1bOP3\x1b[15;2~4\x1b"
    assert "".join(_plain(sent)) == "1234"


def test_a_closed_input_is_an_empty_one(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)

    async def read():
        with one_at_a_time():
            return await Keys(lambda words: None).next()

    assert asyncio.run(read()) == END


def test_the_terminal_is_left_as_it_was(terminal):
    import termios

    _, source = terminal
    before = termios.tcgetattr(source)
    with one_at_a_time(source):
        assert termios.tcgetattr(source) != before
    assert termios.tcgetattr(source) == before


def test_each_character_of_a_pipe_is_a_key_but_words_stay_together(tmp_path):
    file = tmp_path / "keys"
    file.write_text("4 w1\ns 여보세요\n/hello there\nh\n")
    with file.open() as source:
        read = asyncio.run(keys_of(source, 7))
    assert read == ["4", "w", "1", "/여보세요", "/hello there", "h", END]


def test_a_key_from_a_pipe_counts_before_its_line_has_ended():
    program, person = os.pipe()

    async def typed(source):
        keys = Keys(lambda words: None, source)
        os.write(person, b"4")
        assert await asyncio.wait_for(keys.next(), 10) == "4"
        os.write(person, b"1s/2\n s ok")
        assert [await asyncio.wait_for(keys.next(), 10) for _ in range(4)] == ["1", "s", "/", "2"]
        os.close(person)
        assert [await asyncio.wait_for(keys.next(), 10) for _ in range(2)] == ["/ok", END]

    with open(program) as source:
        asyncio.run(typed(source))


@pytest.mark.parametrize(
    ("line", "keys"),
    [("s4\n", ["s", "4"]), ("s\n1\n", ["s", "1"]), ("/\n1\n", ["1"]), ("  /hi there \r\n", ["/hi there"])],
)
def test_only_a_slash_or_an_s_and_a_blank_begin_words(tmp_path, line, keys):
    file = tmp_path / "keys"
    file.write_text(line)
    with file.open() as source:
        assert asyncio.run(keys_of(source, len(keys) + 1)) == [*keys, END]
