"""Every call is a ticket from its first webhook, however it ends."""

from typing import Any

import pytest


def test_a_call_has_its_ticket_before_a_word_is_heard(hotline: Any) -> None:
    call = hotline.call_from("+86 431 8888 0001")
    assert call.ticket.ticket.caller == "+8643188880001"
    assert call.ticket.ticket.state == "open"
    assert call.journal[0] == "call-arrived"


def test_numbers_follow_each_other_without_a_gap(hotline: Any) -> None:
    numbers = [hotline.call_from(f"+86 431 8888 000{i}").call.ticket for i in range(4)]
    assert numbers == ["26030200001", "26030200002", "26030200003", "26030200004"]


def test_a_withheld_number_is_no_number(hotline: Any) -> None:
    call = hotline.call_from(None)
    assert call.ticket.ticket.caller is None


@pytest.mark.parametrize("seconds", [0, 2, 20, 200])
def test_a_caller_who_gives_up_leaves_a_call_back(hotline: Any, seconds: float) -> None:
    call = hotline.call_from()
    hotline.wait(seconds)
    call.hangs_up()
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "abandoned")
    assert [task.kind for task in shown.tasks] == ["call-back"]
    assert call.journal[-1] == "ended"


def asks_for_a_ticket_of(hotline: Any, owner: str, asking: str) -> Any:
    """A caller who keys in the number of a ticket that a call from `owner` has got."""
    earlier = hotline.call_from(owner)
    earlier.waits()
    earlier.hangs_up()

    call = hotline.call_from(asking)
    call.chooses("en")
    call.hears("status")
    call.presses("2")
    call.hears("digits")
    call.presses(earlier.call.ticket)
    call.hears("You entered")
    call.presses("1")
    return call


def test_the_status_of_an_earlier_ticket_is_read_out(hotline: Any) -> None:
    call = asks_for_a_ticket_of(hotline, "+86 431 8888 0001", "+86 431 8888 0001")
    call.hears("call you back")


def test_the_status_of_somebody_elses_ticket_is_not(hotline: Any) -> None:
    call = asks_for_a_ticket_of(hotline, "+86 431 8888 0001", "+86 431 8888 0002")
    call.hears("sorry")
    call.does_not_hear("call you back", within=5)


def test_a_message_is_recorded_and_belongs_to_the_ticket(hotline: Any) -> None:
    call = hotline.call_from()
    call.chooses("en")
    call.hears("message")
    call.presses("3")
    call.hears("beep")
    call.says("The street light in front of my house is broken.")
    call.presses("#")
    call.hears("Thank you")
    call.is_over()
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "message")
    assert [recording.kind for recording in shown.recordings] == ["message"]
    assert shown.recordings[0].seconds


def test_a_caller_who_hangs_up_after_the_message_has_left_it_all_the_same(hotline: Any) -> None:
    call = hotline.call_from()
    call.chooses("en")
    call.hears("message")
    call.presses("3")
    call.hears("beep")
    call.says("The street light in front of my house is broken.")
    call.hangs_up()
    hotline.wait(2)
    shown = call.ticket
    assert shown.ticket.outcome == "message"
    assert len(shown.recordings) == 1


def test_who_does_not_want_to_wait_presses_1_and_leaves_a_message(hotline: Any) -> None:
    call = hotline.call_from()
    call.chooses("en")
    call.hears("message")
    call.presses("0")
    call.waits()
    call.hears("No colleague who speaks your language is on duty at the moment. You are number 1 in line")
    call.hears("To leave a message instead, press 1.")
    call.presses("5")
    call.hears("You are number 1 in line")
    assert call.call.state == "waiting"
    call.presses("1")
    call.hears("beep")
    call.says("Please call me about the street light.")
    call.presses("#")
    call.is_over()
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "message")


def test_a_key_does_not_take_a_caller_out_of_the_queue_whom_somebody_is_rung_for(hotline: Any) -> None:
    call = hotline.call_from()
    call.waits()
    call.hears("如需留言，请按1")
    wang = hotline.agent("Wang")
    call.rings("Wang")
    call.presses("1")
    call.hears("马上为您接通")
    wang.answers()
    hotline.wait(1)
    assert call.call.state == "talking"


def test_who_has_waited_too_long_can_leave_a_message(hotline: Any) -> None:
    hotline.settings(wait_limit_seconds=120)
    call = hotline.call_from()
    call.waits()
    call.hears("请在提示音后留言", within=180)
    call.hears("beep")
    call.says("请给我回电")
    call.is_over()
    assert call.ticket.ticket.outcome == "message"


def test_who_has_waited_too_long_and_leaves_none_is_called_back_all_the_same(hotline: Any) -> None:
    hotline.queue("people", wait_limit_seconds=120)
    call = hotline.call_from()
    call.waits()
    hotline.wait(minutes=2)
    call.hears("没有听到您的留言")
    call.is_over()
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "abandoned")
