"""Numbers as people say them: figures one by one to write along, places in the line, minutes."""

from collections.abc import Callable

import pytest

from calls.verbs import Say
from ivr.menu import Menu
from ivr.nodes.base import Turn
from ivr.place import Facts, Place
from ivr.prompt import Prompt
from ivr.spoken import digits, minutes, position

TICKET = "26112300001"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "二六幺，幺二三零，零零零幺"),
        ("en", "2 6 1, 1 2 3 0, 0 0 0 1"),
        ("ja", "2 6 1、1 2 3 0、0 0 0 1"),
        ("ko", "이 육 일, 일 이 삼 공, 공 공 공 일"),
        ("ru", "2 6 1, 1 2 3 0, 0 0 0 1"),
    ],
)
def test_a_ticket_number_is_said_figure_by_figure_with_rests_to_write_along(language: str, said: str) -> None:
    assert digits(TICKET, language) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", ""),
        ("7", "7"),
        ("1234", "1 2 3 4"),
        ("12345", "1 2, 3 4 5"),
        ("123456", "1 2 3, 4 5 6"),
        ("1234567", "1 2 3, 4 5 6 7"),
        ("12345678", "1 2 3 4, 5 6 7 8"),
        ("123456789", "1 2 3, 4 5 6, 7 8 9"),
        ("1234567890", "1 2 3, 4 5 6, 7 8 9 0"),
        ("1234567890123", "1 2 3, 4 5 6, 7 8 9, 0 1 2 3"),
        ("4a", "4 a"),
    ],
)
def test_no_group_is_longer_than_four_nor_ends_on_a_single_figure(number: str, said: str) -> None:
    assert digits(number, "en") == said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("1", "첫"),
        ("2", "두"),
        ("3", "세"),
        ("4", "네"),
        ("10", "열"),
        ("11", "열한"),
        ("12", "열두"),
        ("20", "스무"),
        ("21", "스물한"),
        ("30", "서른"),
        ("99", "아흔아홉"),
        ("100", "100"),
        ("0", "0"),
        ("", ""),
    ],
)
def test_places_in_the_line_are_counted_in_korean_words(place: str, said: str) -> None:
    assert position(place, "ko") == said
    assert position(place, "ja") == place


def test_two_minutes_are_not_twenty_two_in_chinese() -> None:
    assert [minutes(number, "zh") for number in ("1", "2", "12", "22")] == ["1", "两", "12", "22"]
    assert minutes("2", "ko") == "2"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "您现在排在第2位，预计等待约两分钟，请不要挂机。"),
        (
            "en",
            "You are number 2 in line. Estimated waiting time in minutes: 2. Please hold the line.",
        ),
        (
            "ja",
            "ただいま2番目にお待ちいただいております。待ち時間はおよそ2分です。そのままお待ちください。",
        ),
        ("ko", "현재 두 번째로 대기 중이시며 예상 대기 시간은 약 2분입니다. 잠시만 기다려 주십시오."),
        (
            "ru",
            "Ваш номер в очереди: 2. Примерное время ожидания в минутах: 2. "
            "Пожалуйста, оставайтесь на линии.",
        ),
    ],
)
def test_a_caller_who_waits_hears_place_and_minutes(sample: Menu, language: str, said: str) -> None:
    assert sample.texts.say("waiting", language, position=2, minutes=2) == (Say(said, language),)


def test_a_prompt_in_all_languages_says_the_number_in_each_of_them(
    sample: Menu, facts: Callable[..., Facts]
) -> None:
    turn = Turn(Place("welcome", "zh"), facts(), sample.texts)
    prompt = Prompt.model_validate({"zh": "工单{ticket_spoken}", "ko": "접수 {ticket_spoken}"})
    assert turn.speak(prompt) == (
        Say("工单二六零，八二七零，零零零幺", "zh"),
        Say("접수 이 육 공, 팔 이 칠 공, 공 공 공 일", "ko"),
    )


def test_a_language_that_has_no_text_hears_the_number_as_the_first_one_says_it(
    make_menu: Callable[..., Menu],
) -> None:
    assert make_menu({}).texts.say("ticket", "ko", ticket=TICKET) == (
        Say("工单号二六幺，幺二三零，零零零幺。", "zh"),
    )
