"""Queues that a supervisor or their hours close: nobody is left in silence, everybody is owed a call."""

from typing import Any

from sqlalchemy import select

from store.tables import journal

CLOSED, RECORDER = "人工服务现在暂停", "请在提示音后留言"


def kinds(hotline: Any) -> list[str]:
    return list(hotline.read(lambda tx: tx.scalars(select(journal.c.kind).order_by(journal.c.id)).all()))


def test_who_calls_a_closed_queue_hears_so_and_goes_where_the_menu_leads(hotline: Any) -> None:
    hotline.agent("Wang")
    hotline.closes("people")
    call = hotline.call_from()
    call.hears(CLOSED)
    call.hears(RECORDER)
    call.hangs_up()
    assert call.ticket.ticket.state == "call-back"
    assert "offered" not in call.journal
    assert call.journal.count("turned-away") == 1
    assert "queue-closed" in kinds(hotline)


def test_everybody_hears_so_in_the_own_language(hotline: Any) -> None:
    hotline.closes("people")
    for language, words in {
        "en": "nobody can take your call",
        "ja": "窓口を閉じております",
        "ko": "상담이 중단되었습니다",
        "ru": "приём звонков сейчас приостановлен",
    }.items():
        call = hotline.call_from()
        call.chooses(language)
        call.presses("0")
        call.hears(words)
        call.hangs_up()


def test_who_waits_when_it_is_closed_is_told_and_led_on(hotline: Any) -> None:
    call = hotline.call_from()
    call.waits()
    hotline.wait(30)
    hotline.closes("people")
    hotline.agent("Wang")
    call.hears(CLOSED)
    call.hears(RECORDER)
    call.hears("beep")
    call.says("请回电")
    call.presses("#")
    call.is_over()
    assert (call.call.outcome, "offered" in call.journal) == ("message", False)


def test_opened_again_callers_are_rung_for_as_before(hotline: Any) -> None:
    hotline.closes("people")
    hotline.opens("people")
    hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    assert kinds(hotline).count("queue-opened") == 1


def test_a_closure_ends_by_itself_when_its_time_has_come(hotline: Any) -> None:
    hotline.closes("people", until=hotline.here(minutes=10))
    hotline.agent("Wang")
    early = hotline.call_from("+86 431 8888 0001")
    early.hears(CLOSED)
    early.hangs_up()
    hotline.wait(minutes=10)
    call = hotline.call_from("+86 431 8888 0002")
    call.rings("Wang")


def test_a_telephone_that_rings_already_may_be_answered(hotline: Any) -> None:
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    hotline.closes("people")
    agent.answers()
    hotline.wait(5)
    assert call.call.state == "talking"


def test_a_call_that_was_missed_does_not_come_back_to_a_closed_queue_for_ever(hotline: Any) -> None:
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    hotline.closes("people")
    agent.declines()
    call.hears(CLOSED)
    call.hears(RECORDER)


def test_outside_its_hours_a_queue_is_closed(hotline: Any) -> None:
    hotline.calendar(hours={"short": {}})
    hotline.queue("people", hours="short")
    hotline.agent("Wang")
    call = hotline.call_from()
    call.hears(CLOSED)
    call.hears(RECORDER)
    call.hangs_up()
    assert call.ticket.ticket.state == "call-back"
    day = f"{hotline.here():%Y-%m-%d}"
    hotline.calendar(special={"Open day": {"days": day, "hours": {"short": "00:00-24:00"}}})
    hotline.call_from("+86 431 8888 0002").rings("Wang")


def test_who_waits_when_the_hours_end_is_still_served(hotline: Any) -> None:
    hotline.calendar(hours={"short": dict.fromkeys(["workdays", "weekends", "holidays"], "00:00-24:00")})
    hotline.queue("people", hours="short")
    call = hotline.call_from()
    call.waits()
    hotline.calendar(hours={"short": {}})
    hotline.wait(minutes=2)
    hotline.agent("Wang")
    call.rings("Wang")
