"""What a menu can say, all of it, and who says it."""

from collections.abc import Callable

import pytest

from ivr.menu import Menu
from ivr.text import Text
from ivr.wordings import Wording, wordings

FILE = {"file": "audio/zh/hello.wav"}


def test_nodes_come_first_then_the_texts_of_no_node_each_in_all_its_languages(
    make_menu: Callable[..., Menu],
) -> None:
    menu = make_menu({"hello": {"say": {"zh": "您好", "en": "Hello"}, "then": "bye"}})
    found = [(one.name, one.path, one.language) for one in wordings(menu)]
    assert found.index(("hello", ("say",), "zh")) + 1 == found.index(("hello", ("say",), "en"))
    assert found.index(("bye", ("hang_up",), "zh")) < found.index(("error", (), "zh"))
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "by", "lacks", "ahead"),
    [
        ("您好", "voice", True, ["您好"]),
        ("工单{ticket}", "voice", True, []),
        ("{ticket_spoken}。", "voice", False, []),
        (FILE, "recording", False, []),
        ([FILE, "{ticket_spoken}。"], "both", False, []),
        ([FILE, "再见", "{ticket}号"], "both", True, ["再见"]),
        ("{{您好}}", "voice", True, ["{您好}"]),
    ],
)
def test_who_says_it_whether_that_can_be_recorded_and_what_can_be_spoken_ahead(
    text: object, by: str, lacks: bool, ahead: list[str]
) -> None:
    wording = Wording("hello", ("say",), "zh", Text.read(text))
    assert (wording.by, wording.lacks_recording, list(wording.ahead())) == (by, lacks, ahead)


def test_what_a_language_is_called_is_said_within_other_texts() -> None:
    wording = Wording("language-ko", (), "zh", Text.read("韩语"))
    assert (wording.by, wording.lacks_recording, list(wording.ahead())) == ("word", False, [])
    assert Wording("language-ko", ("say",), "zh", Text.read("韩语")).by == "voice", "a node may be called so"
