"""The wording that belongs to no node, and how it is filled."""

from collections.abc import Callable

from calls.verbs import Play, Say
from ivr.length import seconds
from ivr.menu import Menu
from ivr.texts import NAMES


def test_a_ticket_number_is_read_digit_by_digit(sample: Menu) -> None:
    said = sample.texts.say("ticket", "ko", ticket="26082700001")
    assert said == (Say("접수 번호는 이 육 공, 팔 이 칠 공, 공 공 공 일번입니다.", "ko"),)


def test_position_and_minutes(sample: Menu) -> None:
    [said] = sample.texts.say("waiting", "zh", position=3, minutes=2)
    assert said == Say("您现在排在第3位，预计等待约两分钟，请不要挂机。", "zh")


def test_an_offer_names_the_callers_language_in_the_agents(sample: Menu) -> None:
    assert sample.texts.say("offer", "zh", about="ko") == (Say("韩语来电，接听请按1。", "zh"),)
    assert sample.texts.say("offer", "ko", about="ru") == (
        Say("러시아어 전화입니다. 받으시려면 1번을 눌러 주십시오.", "ko"),
    )


def test_a_language_without_the_text_hears_the_first_one(make_menu: Callable[..., Menu]) -> None:
    assert make_menu({}).texts.say("error", "ru") == (Say("系统故障。", "zh"),)


def test_a_text_that_is_not_there_says_nothing(make_menu: Callable[..., Menu]) -> None:
    assert make_menu({}).texts.say("taken", "zh") == ()


def test_a_recording_may_stand_for_a_text() -> None:
    source = {
        "start": "people",
        "nodes": {"people": {"queue": "people"}},
        "texts": {"goodbye": {"zh": {"file": "audio/zh/bye.wav"}}},
    }
    assert Menu.from_source(source).texts.say("goodbye", "zh") == (Play("audio/zh/bye.wav"),)


def test_the_switchboards_texts_are_all_there() -> None:
    needed = "waiting waiting-nobody leave-queue connecting ticket goodbye error agent-gone"
    needed += " queue-full queue-closed message-thanks offer taken caller-gone transferring"
    assert set(needed.split()) <= NAMES.keys()


def test_how_long_a_text_takes() -> None:
    assert 2 < seconds("您好，长春市市长公开电话。", "zh") < 4
    assert 1 < seconds("For English press 2.", "en") < 3
    assert seconds("2 6 0 8 2 7 0 0 0 0 1", "en") > 3
    for language, text in {"zh": "请", "en": "please", "ja": "どうぞ", "ko": "부디", "ru": "прошу"}.items():
        assert 0 < seconds(text, language) < seconds(text * 2 + " " + text, language)
