"""People first, in five languages: a Chinese caller presses nothing, every other language is one key away."""

from typing import Any

import pytest

CONNECTING = {
    "zh": "正在为您接通",
    "en": "We are putting you through",
    "ja": "担当者におつなぎします",
    "ko": "상담원에게 연결해 드리겠습니다",
    "ru": "Соединяем вас с оператором",
}
TICKET = {"zh": "工单号", "en": "ticket number", "ja": "受付番号", "ko": "접수 번호", "ru": "Номер"}


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize("language", CONNECTING)
def test_one_key_at_most_and_a_person_who_speaks_the_language_rings(hotline: Any, language: str) -> None:
    connecting = CONNECTING[language]
    hotline.agent("Right", speaks=language)
    for other in CONNECTING.keys() - {language}:
        hotline.agent(f"Speaks-{other}", speaks=other)

    call = hotline.call_from("+86 431 8888 0001")
    call.chooses(language)
    call.hears(connecting)
    call.rings("Right")
    hotline.seats["right"].answers()
    hotline.seats["right"].hangs_up()

    call.hears(TICKET[language])
    call.is_over()
    assert call.ticket.ticket.language == language
    assert call.ticket.ticket.outcome == "answered"


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize("language", sorted(CONNECTING.keys() - {"zh"}))
def test_zero_is_a_person_in_the_language_chosen_so_far(hotline: Any, language: str) -> None:
    hotline.agent("Right", speaks=language)
    call = hotline.call_from()
    call.chooses(language)
    call.hears("2")  # the menu of that language
    call.presses("0")
    call.hears(CONNECTING[language])
    call.rings("Right")


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize("language", CONNECTING)
def test_a_waiting_caller_hears_the_place_in_the_queue_and_never_silence(hotline: Any, language: str) -> None:
    hotline.agent("Busy", speaks=language)
    first = hotline.call_from("+86 431 8888 0001")
    first.chooses(language)
    first.rings("Busy")
    hotline.seats["busy"].answers()

    second = hotline.call_from("+86 431 8888 0002")
    second.chooses(language)
    second.waits()
    second.hears("1")
    hotline.wait(minutes=4)
    assert second.call.state == "waiting"
    assert len([heard for heard in second.line.heard if heard.kind == "play"]) > 5


def wants_the_police(call: Any) -> None:
    call.hears("紧急求助请按1")
    call.presses("1")
    call.hears("报警请按1")
    call.presses("1")


def test_an_emergency_is_told_apart_and_handed_over(hotline: Any) -> None:
    police = hotline.stage.phone("110")
    call = hotline.call_from()
    wants_the_police(call)
    call.hears("幺幺零报警台")
    line = hotline.stage.run(police.rings())
    hotline.stage.run(line.answer())
    hotline.stage.run(line.speak("这里是110"))
    call.hears("这里是110")
    hotline.stage.run(line.hang_up())
    call.is_over()
    assert call.ticket.ticket.outcome == "transferred"


def test_an_emergency_whose_caller_hangs_up_first_was_handed_over_too(hotline: Any) -> None:
    police = hotline.stage.phone("110")
    call = hotline.call_from()
    wants_the_police(call)
    line = hotline.stage.run(police.rings())
    hotline.stage.run(line.answer())
    hotline.wait(60)
    call.hangs_up()
    hotline.wait(5)
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome, shown.tasks) == ("closed", "transferred", ())
    assert "transferred" in call.journal


def test_an_emergency_that_the_police_does_not_answer_comes_before_everybody_who_waits(hotline: Any) -> None:
    waiting = hotline.call_from("+86 431 8888 0001")
    waiting.waits()
    hotline.wait(minutes=1)
    urgent = hotline.call_from("+86 431 8888 0002")
    wants_the_police(urgent)
    urgent.waits()
    hotline.agent("Wang", speaks="zh")
    urgent.rings("Wang")
