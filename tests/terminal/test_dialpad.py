"""A call by hand: what goes in, what is shown, what is written down."""

import asyncio

import pytest

from terminal.dialpad import DialPad
from terminal.keys import END
from terminal.saving import Notes


def called(line, keys, screen):
    notes = Notes("+8643188880001")

    async def use():
        await DialPad(line, screen, notes).use(keys)

    asyncio.run(use())
    return notes.written()


def test_keys_and_words_reach_the_line_and_h_hangs_up(telephone, screen):
    line = telephone.line()
    line.says("한국어는 4번", "ko-KR")
    written = called(line, telephone.keys("4", "/여보세요", "h"), screen)
    assert line.done == ["press 4", "speak 여보세요", "hang up"]
    shown = [row.split(maxsplit=1)[1] for row in screen.text().splitlines()]
    assert shown == [
        "call      in-progress",
        "한국어    한국어는 4번",
        "key       4",
        "you       “여보세요”",
        "call      you hung up (completed)",
    ]
    assert written.splitlines()[2:] == [
        '  - hears: "한국어는 4번"',
        '  - presses: "4"',
        '  - says: "여보세요"',
        "  - hangs up",
    ]


def test_the_hotline_hangs_up(telephone, screen):
    line = telephone.line()

    def end():
        line.says("再见")
        line.status = "completed"

    written = called(line, telephone.keys(end), screen)
    assert line.done == []
    assert "中文      再见" in screen.text()
    assert "the call has ended (completed)" in screen.text()
    assert written.splitlines()[2:] == ['  - hears: "再见"', '  - ends: "completed"']


@pytest.mark.parametrize(
    ("keys", "status", "failed"),
    [
        ([], "failed", True),
        ([], "busy", True),
        ([], "completed", False),
        (["h"], "ringing", False),
    ],
)
def test_a_call_that_nobody_ended_has_failed(telephone, screen, keys, status, failed):
    line = telephone.line(status)

    async def use():
        pad = DialPad(line, screen, Notes(None))
        await pad.use(telephone.keys(*keys))
        return pad.failed

    assert asyncio.run(use()) is failed


def test_the_end_of_a_pipe_leaves_the_call_going_on_until_a_signal_hangs_up(telephone, screen):
    line = telephone.line()
    line.says("您好")

    async def use():
        keys = telephone.keys("4", END, piped=True)
        pad = asyncio.create_task(DialPad(line, screen, Notes(None)).use(keys))
        while line.done != ["press 4"]:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert line.live
        keys.put("h")  # as Ctrl-C does
        await asyncio.wait_for(pad, 20)

    asyncio.run(use())
    assert line.done == ["press 4", "hang up"]


def test_a_key_from_a_pipe_waits_until_there_is_something_to_hear(telephone, screen):
    line = telephone.line()

    async def use():
        keys = telephone.keys("4", "h", piped=True)
        pad = asyncio.create_task(DialPad(line, screen, Notes(None)).use(keys))
        await asyncio.sleep(0.2)
        assert line.done == []
        line.says("您好")
        await asyncio.wait_for(pad, 20)

    asyncio.run(use())
    assert line.done == ["press 4", "hang up"]


def test_a_person_who_ends_the_input_hangs_up(telephone, screen):
    line = telephone.line()
    called(line, telephone.keys(END), screen)
    assert line.done == ["hang up"]


def test_what_people_say_and_what_is_played_look_different(telephone, screen):
    line = telephone.line("completed")
    line.says("您好", kind="voice")
    line.says("http://h/music.wav", "", kind="play")
    line.says("5", "", kind="tone")
    called(line, telephone.keys(), screen)
    assert "中文      “您好”" in screen.text()
    assert "♪ http://h/music.wav" in screen.text()
    assert "tone      ♪ 5" in screen.text()
