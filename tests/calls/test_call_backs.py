"""Callers who leave the line and keep the place in it."""

from typing import Any

import pytest
from sqlalchemy import update

from store.tables import calls
from switchboard import call_backs, calling_back

OFFER = "如需我们为您保留位置并给您回电，请按2"
CONFIRM = "我们将拨打"
AGREED = "您的位置已保留"
GREETING = "给您回电。接通请按1"
HOME = "+86 431 8888 0001"
MOBILE = "+86 138 0431 0001"


def asks(hotline: Any, number: str | None = HOME) -> Any:
    """A caller who asks to be called back, and has hung up."""
    call = hotline.call_from(number)
    call.waits()
    call.hears(OFFER)
    call.presses("2")
    call.hears(CONFIRM)
    call.presses("1")
    call.hears(AGREED)
    call.is_over()
    return call


def test_who_asks_keeps_the_place_and_is_called_back_when_it_is_their_turn(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    first = calls_back.call_from(HOME)
    first.waits()
    since = first.call.waiting_since
    second = calls_back.call_from("+86 431 8888 0002")
    second.waits()
    first.hears(OFFER)
    first.presses("2")
    first.hears(CONFIRM)
    first.presses("1")
    first.hears(AGREED)
    first.hears("您的工单号")
    first.is_over()
    assert (first.call.state, first.call.waiting_since, first.call.line) == ("waiting", since, None)
    assert first.ticket.ticket.state == "call-back"
    assert [task.state for task in first.ticket.tasks] == ["open"]
    wang = calls_back.agent("Wang")
    first.rings("Wang")
    assert wang.view.talk.call_back
    phone.does_not_ring(within=3)  # not before somebody is there
    wang.answers()
    back = phone.rings()
    wang.hears("music.wav")
    back.answers()
    back.hears(GREETING)
    back.presses("1")
    calls_back.wait(1)
    wang.says("您好")
    back.hears("您好")
    back.says("谢谢")
    wang.hears("谢谢")
    assert (first.call.state, first.call.agent) == ("talking", "wang")
    wang.hangs_up()
    back.hears("您的工单号")
    back.is_over()
    assert (first.call.state, first.call.outcome) == ("ended", "answered")
    assert (first.ticket.ticket.state, [task.state for task in first.ticket.tasks]) == ("accepted", ["done"])
    second.rings("Wang")


def test_the_offer_comes_when_the_timeline_says_so_and_only_where_it_does(hotline: Any) -> None:
    hotline.calls_back()
    call = hotline.call_from(HOME)
    call.waits()
    call.hears("排在第1位")
    call.presses("2")
    assert call.call.state == "waiting"  # nothing was offered yet
    call.hears(OFFER)
    hotline.queue("people")
    other = hotline.call_from("+86 431 8888 0002")
    other.waits()
    other.does_not_hear(OFFER, within=40)


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize(
    ("language", "offer", "agreed", "greeting", "number"),
    [
        ("en", "be called back, press 2", "Your place in line is kept", "calling you back", "0 4 3 1"),
        ("ja", "2を押して", "順番はそのまま", "折り返しのお電話です", "0 4 3 1"),
        ("ko", "2번을 눌러", "순서가 유지", "에서 전화를 드립니다", "공"),
        ("ru", "перезвонили вам", "Ваше место в очереди сохранено", "вам перезванивает", "0"),
    ],
)
def test_it_is_all_in_the_callers_language(
    calls_back: Any, language: str, offer: str, agreed: str, greeting: str, number: str
) -> None:
    calls_back.queue("people", timeline=[{"after": 1, "offer": "call-back"}])
    phone = calls_back.telephone(HOME)
    call = calls_back.call_from(HOME)
    call.chooses(language)
    call.presses("0")
    call.waits()
    call.hears(offer)
    call.presses("2")
    call.hears(number)
    call.presses("1")
    call.hears(agreed)
    call.is_over()
    wang = calls_back.agent("Wang", speaks="zh en ja ko ru")
    call.rings("Wang")
    wang.answers()
    back = phone.rings()
    back.answers()
    back.hears(greeting)


def test_another_number_is_keyed_in_and_read_back(calls_back: Any) -> None:
    phone = calls_back.telephone("+86 138 0431 0001")
    call = calls_back.call_from(HOME)
    call.hears(OFFER)
    call.presses("2")
    call.hears("我们将拨打零四三幺")
    call.presses("2")
    call.hears("请输入您的电话号码")
    call.presses("13804310001#")
    call.hears("我们将拨打幺三八")
    call.presses("1")
    call.is_over()
    wang = calls_back.agent("Wang")
    call.rings("Wang")
    assert wang.view.talk.caller.endswith("0001")
    assert "138" in wang.view.talk.caller
    wang.answers()
    phone.rings()


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize("wrong", ["88880001#", "110#", "00821012345678#", "16888888888#"])
def test_a_number_that_the_hotline_does_not_call_is_refused(calls_back: Any, wrong: str) -> None:
    call = calls_back.call_from(None)
    call.hears(OFFER)
    call.presses("2")
    call.hears("请输入您的电话号码")  # the number is withheld
    call.presses(wrong)
    call.hears("我们无法拨打这个号码")
    call.presses("043188880001#")
    call.hears(CONFIRM)
    call.presses("1")
    call.hears(AGREED)


@pytest.mark.parametrize("number", [HOME, None])
def test_the_hotline_never_calls_itself(calls_back: Any, number: str | None) -> None:
    """A caller may claim the hotline's own number, or key it in: it would call itself for ever."""
    calls_back.calls_back(abandoned_seconds=5)
    call = calls_back.call_from(number)
    calls_back.settings(number=HOME.replace(" ", ""))
    call.hears(OFFER)
    call.presses("2")
    call.hears("请输入您的电话号码")
    call.presses("043188880001#")
    call.hears("我们无法拨打这个号码")
    call.hangs_up()
    assert (call.call.state, call.call.outcome) == ("ended", "abandoned")


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize("keys", ["000", "333", "   "])
def test_who_does_not_confirm_waits_on_at_the_same_place(calls_back: Any, keys: str) -> None:
    first = calls_back.call_from(HOME)
    first.waits()
    since = first.call.waiting_since
    second = calls_back.call_from("+86 431 8888 0002")
    second.waits()
    first.hears(OFFER)
    first.presses("2")
    first.hears(CONFIRM)
    assert first.call.state == "menu"
    for key in keys:
        if first.call.state == "menu" and key != " ":
            first.presses(key)
        calls_back.wait(0 if key != " " else 20)
    first.hears("您的位置没有变")
    first.waits()
    assert first.call.waiting_since == since
    calls_back.agent("Wang")
    first.rings("Wang")


def test_nobody_is_offered_a_call_whose_number_is_being_asked_for(calls_back: Any) -> None:
    call = calls_back.call_from(HOME)
    call.hears(OFFER)
    call.presses("2")
    wang = calls_back.agent("Wang")
    wang.does_not_ring(within=5)
    call.presses("0")
    call.rings("Wang")


def test_who_hangs_up_in_the_middle_of_it_has_given_up(calls_back: Any) -> None:
    call = calls_back.call_from(HOME)
    call.hears(OFFER)
    call.presses("2")
    call.hangs_up()
    assert (call.call.state, call.call.outcome, call.ticket.ticket.state) == (
        "ended",
        "abandoned",
        "call-back",
    )


def reached(hotline: Any, wang: Any, call: Any, phone: Any) -> Any:
    """The agent accepts, and the caller's telephone rings."""
    call.rings("Wang")
    wang.answers()
    return phone.rings()


@pytest.mark.parametrize(
    ("how", "why"),
    [("declines", "busy"), ("rings on", "no answer"), ("keeps silent", "no key"), ("hangs up", "hung up")],
)
def test_in_vain_the_agent_is_free_at_once_and_the_next_try_follows(
    calls_back: Any, how: str, why: str
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    if how == "declines":
        back.declines()
    elif how == "rings on":
        calls_back.wait(40)
    else:
        back.answers()
        back.hears(GREETING)
        if how == "hangs up":
            back.hangs_up()
        else:
            back.hears("我们稍后再给您回电", within=40)  # as a voicemail does, which presses nothing
            back.is_over()
    assert (wang.state, call.call.state, call.call.dials) == ("ready", "waiting", 1)
    assert wang.view.reason == f"call-back-{why.replace(' ', '-')}"
    assert call.ticket.journal[-1].detail["why"] == why
    other = calls_back.call_from("+86 431 8888 0002")
    other.rings("Wang")
    wang.answers()
    calls_back.wait(2)
    phone.does_not_ring(within=240)
    other.hangs_up()
    wang.wraps_up()
    again = reached(calls_back, wang, call, phone)
    again.answers()
    again.hears(GREETING)
    again.presses("1")
    calls_back.wait(1)
    assert call.call.state == "talking"


def test_after_the_last_try_a_person_has_to_call(calls_back: Any) -> None:
    calls_back.calls_back(retry_minutes=(1,))
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    for _ in range(2):
        reached(calls_back, wang, call, phone).declines()
        calls_back.wait(61)
    assert (call.call.state, call.call.outcome) == ("ended", "not-reached")
    assert (call.ticket.ticket.state, call.ticket.ticket.outcome) == ("call-back", "not-reached")
    assert [task.state for task in call.ticket.tasks] == ["open"]
    assert wang.state == "ready"


def test_who_needs_nobody_any_more_presses_2(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    back.answers()
    back.hears(GREETING)
    back.presses("2")
    back.hears("我们不再给您回电")
    back.is_over()
    assert (wang.state, call.call.outcome, call.ticket.ticket.state) == ("ready", "declined", "closed")
    assert [task.state for task in call.ticket.tasks] == ["done"]


def test_a_number_without_a_telephone_frees_the_agent(calls_back: Any) -> None:
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    call.rings("Wang")
    wang.answers()
    calls_back.wait(2)
    assert (wang.state, wang.view.reason, call.call.dials) == ("ready", "call-back-failed", 1)


def test_who_gives_up_is_called_back_once_a_number(calls_back: Any) -> None:
    calls_back.calls_back(abandoned_seconds=10)
    phone = calls_back.telephone(MOBILE)
    first = calls_back.call_from(MOBILE)
    first.waits()
    since = first.call.waiting_since
    calls_back.wait(12)
    first.hangs_up()
    assert (first.call.state, first.call.left, first.ticket.ticket.state) == (
        "waiting",
        "gave-up",
        "call-back",
    )
    again = calls_back.call_from(MOBILE)
    again.waits()
    assert again.call.waiting_since == since
    assert (first.call.outcome, first.ticket.ticket.state) == ("called-again", "closed")
    assert [task.state for task in first.ticket.tasks] == ["done"]
    again.hangs_up()
    assert again.call.left == "gave-up"  # 12 s and more, by the first waiting time
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, again, phone)
    back.answers()
    back.hears(GREETING)
    back.presses("1")
    calls_back.wait(1)
    wang.hangs_up()
    back.is_over()
    wang.wraps_up()
    phone.does_not_ring(within=60)


@pytest.mark.parametrize("number", [None, "+82 2 1234 5678", "too soon"])
def test_who_gave_up_at_once_or_cannot_be_dialled_is_left_to_a_person(calls_back: Any, number: str) -> None:
    calls_back.calls_back(abandoned_seconds=10)
    call = calls_back.call_from(HOME if number == "too soon" else number)
    call.waits()
    calls_back.wait(2 if number == "too soon" else 12)
    call.hangs_up()
    assert (call.call.state, call.call.outcome) == ("ended", "abandoned")
    assert [task.state for task in call.ticket.tasks] == ["open"]


def test_who_calls_from_a_mobile_before_that_keeps_the_place_and_is_not_called(calls_back: Any) -> None:
    phone = calls_back.telephone(MOBILE)
    before = asks(calls_back, MOBILE)
    since = before.call.waiting_since
    holding = calls_back.call_from("+86 431 8888 0002")
    holding.waits()
    again = calls_back.call_from(MOBILE)
    again.waits()
    assert again.call.waiting_since == since
    assert (before.call.state, before.call.outcome) == ("ended", "called-again")
    notes = {entry.kind: entry.detail for call in (before, again) for entry in call.ticket.journal}
    assert notes["called-again"] == {"other": again.call.ticket}
    assert notes["calls-again"] == {"other": before.call.ticket}
    wang = calls_back.agent("Wang")
    again.rings("Wang")
    wang.answers()
    phone.does_not_ring(within=10)


@pytest.mark.parametrize("moment", ["offered", "accepted", "ringing", "picked up"])
def test_who_calls_while_being_called_has_one_talk(calls_back: Any, moment: str) -> None:
    phone = calls_back.telephone(MOBILE)
    before = asks(calls_back, MOBILE)
    wang = calls_back.agent("Wang")
    again = calls_back.call_from(MOBILE)
    before.rings("Wang")
    offer, back = wang.view.talk.offer, None
    if moment != "offered":
        wang.answers()
    if moment in ("ringing", "picked up"):
        back = phone.rings()
    if moment == "picked up":
        back.answers()
        back.hears(GREETING)
    again.rings("Wang")
    assert before.call.outcome == "called-again"
    if back:
        back.is_over()
        late = calling_back.answered(calls_back.stage.hotline, offer, back.sid, "1")
        assert "Conference" not in late
        assert "Hangup" in late
    wang.answers()
    calls_back.wait(2)
    assert (again.call.state, wang.state) == ("talking", "talking")
    phone.does_not_ring(within=60)


YOURS = "这个号码已登记回电"


def test_who_calls_from_a_number_that_others_may_share_says_by_key_whose_the_call_back_is(
    calls_back: Any,
) -> None:
    """Behind a company's number the second caller does not end the call-back of the first."""
    calls_back.calls_back(abandoned_seconds=1)
    phone = calls_back.telephone(HOME)
    before = asks(calls_back)
    since = before.call.waiting_since
    other = calls_back.call_from(HOME)
    other.waits()
    assert (before.call.state, other.call.waiting_since > since) == ("waiting", True)
    other.hears(YOURS)
    other.hangs_up()  # and is called by a person, for the number has a call-back
    assert (other.call.outcome, [task.state for task in other.ticket.tasks]) == ("abandoned", ["open"])
    again = calls_back.call_from(HOME)
    again.waits()
    again.hears(YOURS)
    again.presses("3")
    assert (before.call.outcome, again.call.waiting_since) == ("called-again", since)
    again.hears("排在第1位")
    again.does_not_hear(YOURS, within=45)
    calls_back.agent("Wang")
    again.rings("Wang")
    phone.does_not_ring(within=5)


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize(
    ("language", "yours", "refused"),
    [
        ("en", "your number is waiting", "To stay in line, press 0"),
        ("ja", "折り返しの電話を承っております", "0を押してください"),
        ("ko", "전화를 드리기로 되어 있습니다", "0번을 눌러"),
        ("ru", "заказан обратный звонок", "нажмите 0"),
    ],
)
def test_what_is_said_of_anothers_call_back_is_in_the_callers_language(
    calls_back: Any, language: str, yours: str, refused: str
) -> None:
    asks(calls_back)
    call = calls_back.call_from(HOME)
    call.chooses(language)
    call.presses("0")
    call.waits()
    call.hears(yours)
    call.hears("2")  # asked for a second one at that number
    calls_back.wait(12)
    call.presses("2")
    call.presses("1")
    call.hears(refused)
    call.presses("0")
    call.waits()


def keys_in(hotline: Any, caller: str | None, number: str) -> Any:
    """A caller who asks for a call-back at another number than the own one, up to what is said to that."""
    call = hotline.call_from(caller)
    call.waits()
    call.hears(OFFER)
    call.presses("2")
    if caller:
        call.hears(CONFIRM)
        call.presses("2")
    call.hears("请输入您的电话号码")
    call.presses(f"{number}#")
    return call


REFUSED = "目前不能再为这个号码安排回电"


def test_a_number_that_is_not_the_callers_own_is_keyed_in_so_often_a_day(calls_back: Any) -> None:
    live = calls_back.stage.hotline
    calls_back.calls_back(keyed_per_number=2)
    for caller in (HOME, None):
        call = keys_in(calls_back, caller, "13804310001")
        call.hears(CONFIRM)
        call.presses("1")
        call.is_over()
        over = call.call
        with live.store.transaction() as tx:
            call_backs.finish(live, tx, over, "declined")
    third = keys_in(calls_back, "+86 431 8888 0003", "13804310001")
    third.hears(REFUSED)
    third.presses("0")
    third.waits()
    own = calls_back.call_from(MOBILE)  # whose number it is may have it called as ever
    own.hears(OFFER)
    own.presses("2")
    own.hears(CONFIRM)
    own.presses("1")
    own.hears(AGREED)
    own.is_over()
    agreed = own.call
    with live.store.transaction() as tx:
        call_backs.finish(live, tx, agreed, "declined")
        tx.execute(update(calls).values(left_at=live.now() - call_backs.DAY))  # a day later
    keys_in(calls_back, "+86 431 8888 0003", "13804310001").hears(CONFIRM)


def test_a_caller_keys_in_so_many_numbers_a_day(calls_back: Any) -> None:
    calls_back.calls_back(keyed_per_caller=2)
    for number in ("13804310001", "13804310002"):
        call = keys_in(calls_back, HOME, number)
        call.hears(CONFIRM)
        call.presses("1")
        call.is_over()
    third = keys_in(calls_back, HOME, "13804310003")
    third.hears(REFUSED)
    third.hears("请输入您的电话号码")
    third.presses("043188880001#")  # the own one
    third.hears(CONFIRM)
    third.presses("1")
    third.hears(AGREED)
    keys_in(calls_back, "+86 431 8888 0003", "13804310003").hears(CONFIRM)


def test_nobody_keys_in_a_number_at_which_somebody_waits_to_be_called_back(calls_back: Any) -> None:
    """Nobody else's call-back is ended by naming its number, nor is it doubled."""
    before = asks(calls_back, MOBILE)
    keys_in(calls_back, HOME, "13804310001").hears(REFUSED)
    assert before.call.state == "waiting"
