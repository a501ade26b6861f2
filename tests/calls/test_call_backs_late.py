"""Call-backs while something is lost, late, twice, closed or out of reach."""

from typing import Any

import pytest

from agents import offers
from calls import book, outbox
from ivr.events import Recorded, Transferred
from settings.recording import Recording
from switchboard import calling_back, commands, ending, menu
from switchboard.menu import Arrival
from switchboard.offering import dispatch
from switchboard.rescue import rescue
from telephony.carrier import Unreachable
from tests.calls.test_call_backs import CONFIRM, GREETING, HOME, MOBILE, OFFER, asks, reached

LATER = "我们稍后再给您回电"


def talk(hotline: Any, wang: Any, call: Any, phone: Any) -> Any:
    """The caller is called back, and talks with Wang."""
    back = reached(hotline, wang, call, phone)
    back.answers()
    back.hears(GREETING)
    back.presses("1")
    hotline.wait(2)
    assert (call.call.state, wang.view.talk.connected) == ("talking", True)
    return back


def test_word_that_comes_late_or_twice_changes_nothing(calls_back: Any) -> None:
    live = calls_back.stage.hotline
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    first = Arrival(call.sid, HOME.replace(" ", ""), "+8643112345")
    ending.status(live, first, "completed")
    assert call.call.state == "waiting"
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    offer = wang.view.talk.offer
    ending.status(live, first, "completed")
    calling_back.leg_status(live, offer, back.sid, "ringing")
    back.answers()
    assert calling_back.picked_up(live, offer, back.sid) == calling_back.picked_up(live, offer, back.sid)
    back.hears(GREETING)
    back.presses("1")
    assert "Conference" in calling_back.answered(live, offer, back.sid, "1")
    calls_back.wait(1)
    calling_back.leg_status(live, offer, back.sid, "ringing")
    calling_back.dialled(live, offer, back.sid)
    calls_back.wait(1)
    assert call.call.state == "talking"
    wang.hangs_up()
    back.is_over()
    wang.wraps_up()
    for status in ("ringing", "completed"):
        calling_back.leg_status(live, offer, back.sid, status)
        ending.status(live, Arrival(back.sid, "+8643112345", HOME), status)
    assert "Hangup" in calling_back.picked_up(live, offer, back.sid)
    assert "Hangup" in calling_back.answered(live, offer, back.sid, "1")
    menu.step(live, Arrival(back.sid, "+8643112345", HOME), 0, menu.ivr.Silence())
    assert (call.call.outcome, wang.state) == ("answered", "ready")
    assert [one.number for one in calls_back.tickets()] == [call.call.ticket]  # and no call was made up


def test_of_two_legs_dialled_for_one_agent_one_is_hung_up(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    reached(calls_back, wang, call, phone)
    live = calls_back.stage.hotline
    links, offer = live.links, wang.view.talk.offer
    to, own = HOME.replace(" ", ""), live.config.hotline.number
    second = live.carrier.ring(to, own, links.call_back_answered(offer), links.call_back_status(offer), 30)
    calls_back.stage.settle()
    assert live.carrier.fetch_call(second) == "canceled"
    assert live.carrier.fetch_call(call.call.leg) == "ringing"


def test_the_end_of_the_first_line_may_be_lost(calls_back: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as lost:
        lost.setattr(ending, "end", lambda *_arguments: None)
        call = asks(calls_back)
        assert call.call.state == "menu"
    calls_back.wait(30)
    assert (call.call.state, call.call.line) == ("waiting", None)


def test_an_agent_whose_process_was_killed_before_dialling_is_not_stuck(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    with monkeypatch.context() as killed:
        killed.setitem(commands.SENDERS, "dial", lambda *_arguments: None)
        call.rings("Wang")
        wang.answers()
        calls_back.wait(60)
        assert wang.state == "talking"
        calls_back.wait(40)
    assert (wang.state, call.call.dials) == ("ready", 0)
    phone.does_not_ring(within=1)


def test_a_call_that_was_placed_and_not_written_down_is_found_and_not_placed_again(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    dialled, calling = calling_back.dialled, calls_back.stage.hotline.carrier.ring
    placed: list[str] = []

    def lost(hotline: Any, offer: str, leg: str) -> None:
        if len(placed) == 1 and placed[0] == leg:
            placed.append(leg)
            raise Unreachable("the answer was lost")
        dialled(hotline, offer, leg)

    def ring(*told: Any) -> str:
        leg = calling(*told)
        if told[0].startswith("+"):
            placed.append(leg)
        return leg

    monkeypatch.setattr(calling_back, "dialled", lost)
    monkeypatch.setattr(calling_back, "leg_status", lambda *_arguments: None)  # nor does its status say so
    monkeypatch.setattr(calls_back.stage.hotline.carrier, "ring", ring)
    call.rings("Wang")
    wang.answers()
    back = phone.rings()
    calls_back.wait(5)
    assert (placed, call.call.leg) == ([back.sid, back.sid], back.sid)
    phone.does_not_ring(within=1)


def test_an_unreachable_carrier_costs_no_try_and_no_agent(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> None:
        raise Unreachable("the carrier is away")

    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    with monkeypatch.context() as broken:
        broken.setitem(commands.SENDERS, "dial", away)
        call.rings("Wang")
        wang.answers()
        calls_back.wait(60)
    assert (wang.state, call.call.dials) == ("ready", 0)
    calls_back.wait(minutes=4)
    reached(calls_back, wang, call, phone)


def test_a_caller_who_was_never_dialled_has_had_no_try(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The carrier takes so long for each answer that the agent has waited long enough before that."""

    def slow(*_arguments: Any) -> None:
        raise Unreachable("the carrier is away")

    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    monkeypatch.setitem(commands.SENDERS, "dial", slow)
    monkeypatch.setattr(commands, "GIVE_UP", 99)
    call.rings("Wang")
    wang.answers()
    calls_back.wait(80)
    assert wang.state == "talking"
    calls_back.wait(15)
    assert (wang.state, wang.view.reason, call.call.dials) == ("ready", "call-back-failed", 0)


def test_a_telephone_whose_end_is_not_told_frees_the_agent(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    monkeypatch.setattr(calling_back, "leg_status", lambda *_arguments: None)
    back.declines()
    calls_back.wait(30)
    assert (wang.state, call.call.dials) == ("ready", 1)


def test_who_waits_and_loses_the_line_by_the_carriers_fault_is_called_back(calls_back: Any) -> None:
    calls_back.calls_back(abandoned_seconds=10)
    call = calls_back.call_from(HOME)
    call.waits()
    calls_back.wait(12)
    live = calls_back.stage.hotline
    live.tell(lambda tx: ending.end(live, tx, call.sid, "failed"))
    assert (call.call.state, call.call.line, call.ticket.ticket.state) == ("waiting", None, "call-back")
    assert "line-lost" in call.journal
    calls_back.agent("Wang")
    call.rings("Wang")


def test_a_line_that_the_carrier_has_lost_is_no_try(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    live = calls_back.stage.hotline
    live.tell(lambda tx: ending.end(live, tx, back.sid, "failed"))
    assert (wang.state, wang.view.reason) == ("ready", "call-back-failed")
    assert (call.call.state, call.call.dials) == ("waiting", 0)


@pytest.mark.parametrize("how", ["drops_out", "hangs_up"])
def test_an_agent_who_goes_while_the_telephone_rings_costs_neither_place_nor_try(
    calls_back: Any, how: str
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    since = call.call.waiting_since
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    getattr(wang, how)()
    back.is_over()
    assert (call.call.state, call.call.waiting_since, call.call.dials) == ("waiting", since, 0)
    li = calls_back.agent("Li")
    call.rings("Li")
    li.answers()
    phone.rings()


@pytest.mark.parametrize("how", ["drops_out", "hangs_up"])
def test_who_has_picked_up_is_told_when_the_agent_goes(calls_back: Any, how: str) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    back.answers()
    back.hears(GREETING)
    getattr(wang, how)()
    back.hears(LATER)
    back.is_over()
    assert (call.call.state, call.call.line, call.call.dials) == ("waiting", None, 0)


def test_who_presses_1_when_the_agent_has_gone_is_told(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    back.answers()
    back.hears(GREETING)
    monkeypatch.setitem(commands.SENDERS, "let-go", lambda *_arguments: None)
    wang.hangs_up()
    back.presses("1")
    back.hears(LATER)
    back.is_over()


def test_who_is_dropped_by_the_agent_waits_on_the_line(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = talk(calls_back, wang, call, phone)
    wang.drops_out()
    back.hears("通话意外中断")
    wang.pauses()
    li = calls_back.agent("Li")
    call.rings("Li")
    li.answers()
    calls_back.wait(2)
    li.says("您好")
    back.hears("您好")
    li.holds()
    back.hears("music")
    li.hangs_up()
    back.is_over()
    assert call.call.outcome == "answered"


def test_who_is_dropped_and_hangs_up_is_called_again(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = talk(calls_back, wang, call, phone)
    wang.drops_out()
    back.hears("通话意外中断")
    wang.pauses()
    calls_back.wait(5)
    back.hangs_up()
    assert (call.call.state, call.call.dials, call.call.line) == ("waiting", 1, None)
    assert [task.state for task in call.ticket.tasks] == ["done", "open"]
    assert calls_back.read(book.called_back, HOME.replace(" ", "")).sid == call.sid
    calls_back.wait(minutes=5)
    wang.is_ready()
    reached(calls_back, wang, call, phone)


def test_talks_are_recorded_on_the_new_line_after_the_notice(calls_back: Any) -> None:
    calls_back.records(Recording(talks=True, notice={"zh": "本次通话将被录音。"}))
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    back.answers()
    back.hears(GREETING)
    back.presses("1")
    back.hears("本次通话将被录音")
    assert wang.view.talk.notice  # the desk shows that the caller hears nobody else yet
    calls_back.wait(5)
    assert not wang.view.talk.notice
    wang.says("您好")
    back.hears("您好")
    wang.hangs_up()
    back.is_over()
    calls_back.wait(5)
    assert [one.kind for one in call.ticket.recordings] == ["talk"]


def test_an_agent_at_a_telephone_hears_that_it_is_a_call_back(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang", address="+8643177770001")
    call.rings("Wang")
    wang.answers()
    wang.hears("给汉语来电人回电，接受请按1")
    wang.presses("1")
    phone.rings()


def test_a_queue_that_is_closed_calls_nobody_back_until_it_opens(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    calls_back.closes("people")
    calls_back.agent("Wang")
    calls_back.wait(30)
    assert (call.call.state, call.call.dials) == ("waiting", 0)
    calls_back.opens("people")
    wang = calls_back.seats["wang"]
    reached(calls_back, wang, call, phone)


def test_after_hours_callers_keep_their_order_for_the_next_day(calls_back: Any) -> None:
    shut = calls_back.here(seconds=60)
    spans = f"00:00-{shut:%H:%M}"
    calls_back.calendar(hours={"day": {"workdays": spans, "weekends": spans, "holidays": spans}})
    calls_back.queue("people", hours="day", timeline=[{"after": 10, "offer": "call-back"}])
    call = asks(calls_back)
    since = call.call.waiting_since
    calls_back.wait(90)
    assert call.call.due_at is not None
    assert f"{calls_back.stage.setup.config.calendar.local(call.call.due_at):%d %H:%M}" == (
        f"{calls_back.here(days=1):%d} 00:00"
    )
    calls_back.agent("Wang")
    calls_back.wait(5)
    assert call.call.state == "waiting"
    assert call.call.waiting_since == since


def test_outside_the_hours_for_it_nobody_is_called_who_has_not_asked(calls_back: Any) -> None:
    never = {"workdays": "00:00-00:01", "weekends": "00:00-00:01", "holidays": "00:00-00:01"}
    calls_back.calendar(hours={"polite": never})
    calls_back.calls_back(hours="polite", abandoned_seconds=5)
    phone = calls_back.telephone(HOME)
    other = calls_back.call_from("+86 431 8888 0002")
    other.waits()
    calls_back.wait(8)
    other.hangs_up()
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    reached(calls_back, wang, call, phone).declines()  # the first one was asked for
    calls_back.wait(minutes=6)
    assert all(one.call.due_at > calls_back.stage.hotline.now() for one in (other, call))
    assert call.call.dials == 1


@pytest.mark.parametrize(
    ("event", "outcome", "state"),
    [
        (Recorded("http://carrier/RE1", 5), "message", "call-back"),
        (Transferred("completed"), "transferred", "closed"),
    ],
)
def test_late_word_that_the_caller_was_served_calls_it_off(
    calls_back: Any, event: Any, outcome: str, state: str
) -> None:
    calls_back.calls_back(abandoned_seconds=1)
    call = calls_back.call_from(HOME)
    call.waits()
    calls_back.wait(5)
    call.hangs_up()
    assert call.call.left == "gave-up"
    menu.last_words(calls_back.stage.hotline, Arrival(call.sid, HOME, "+8643112345"), event)
    assert (call.call.state, call.call.outcome) == ("ended", outcome)
    assert (call.ticket.ticket.state, call.ticket.ticket.outcome) == (state, outcome)
    wang = calls_back.agent("Wang")
    wang.does_not_ring(within=5)


def test_a_fallback_asks_for_the_key_again(calls_back: Any) -> None:
    """The carrier could not use what it was answered; a voicemail must not get to the agent by that."""
    live = calls_back.stage.hotline
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    back.answers()
    arrival = Arrival(back.sid, "+8643112345", HOME)
    answer = rescue(live, arrival, live.links.call_back_answered(wang.view.talk.offer))
    assert "/call-back/answered" in answer
    assert "Conference" not in answer
    assert [one.number for one in calls_back.tickets()] == [call.call.ticket]


def test_whoever_dispatches_knows_when_the_next_call_back_is_due(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    reached(calls_back, wang, call, phone).declines()
    due = dispatch(calls_back.stage.hotline).due
    assert due == call.call.due_at
    assert (due - calls_back.stage.hotline.now()).total_seconds() == 300


def test_whoever_dispatches_knows_whether_there_is_something_to_send(calls_back: Any) -> None:
    hotline = calls_back.stage.hotline
    assert not dispatch(hotline).unsent
    hotline.decide(lambda tx: outbox.put(tx, "late", "hang-up", {"sid": "CA1"}, now=hotline.now()))
    assert dispatch(hotline).unsent
    calls_back.wait(1)
    assert not dispatch(hotline).unsent


def test_who_is_called_back_after_a_break_of_the_agents_finds_the_break_kept(calls_back: Any) -> None:
    """Asked for while the telephone rang."""
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = reached(calls_back, wang, call, phone)
    wang.pauses("lunch")
    back.declines()
    assert (wang.state, wang.view.reason) == ("paused", "lunch")


def test_an_outlook_counts_call_backs_ahead(calls_back: Any) -> None:
    calls_back.talk("Wang")
    asks(calls_back)
    call = calls_back.call_from("+86 431 8888 0003")
    call.waits()
    call.hears("排在第2位")


def test_without_a_timetable_an_unreachable_carrier_costs_no_try_either(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> None:
        raise Unreachable("the carrier is away")

    calls_back.calls_back(retry_minutes=())
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    with monkeypatch.context() as broken:
        broken.setitem(commands.SENDERS, "dial", away)
        call.rings("Wang")
        wang.answers()
        calls_back.wait(60)
    assert (wang.state, call.call.state, call.call.dials) == ("ready", "waiting", 0)
    calls_back.wait(minutes=4)
    reached(calls_back, wang, call, phone).declines()
    assert call.call.outcome == "not-reached"


def dropped(hotline: Any, wang: Any, call: Any, phone: Any) -> Any:
    """The caller, called back, has lost the agent and waits on the line."""
    back = talk(hotline, wang, call, phone)
    wang.drops_out()
    back.hears("通话意外中断")
    wang.pauses()
    back.waits()
    return back


def test_who_hangs_up_while_another_call_back_has_the_number_is_left_to_a_person(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    wang = calls_back.agent("Wang")
    back = dropped(calls_back, wang, call, phone)
    other = calls_back.call_from(None)
    other.hears(OFFER)
    other.presses("2")
    other.presses("043188880001#")
    other.hears(CONFIRM)
    other.presses("1")
    other.is_over()
    back.hangs_up()
    assert (call.call.state, call.call.outcome) == ("ended", "abandoned")
    assert [task.state for task in call.ticket.tasks] == ["done", "open"]
    wang.is_ready()
    talk(calls_back, wang, other, phone)


@pytest.mark.parametrize("how", ["drops_out", "hangs_up", "waits in vain"])
def test_who_is_on_the_line_again_is_not_hung_up_by_an_agent_who_goes(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    back = dropped(calls_back, calls_back.agent("Wang"), call, phone)
    li = calls_back.agent("Li")
    with monkeypatch.context() as lost:
        lost.setitem(commands.SENDERS, "connect", lambda *_arguments: None)
        call.rings("Li")
        li.answers()
        if how == "waits in vain":
            calls_back.wait(calls_back.stage.setup.config.hotline.join_seconds + 3)
        else:
            getattr(li, how)()
    li.pauses()
    calls_back.wait(5)
    assert (call.call.state, call.call.line, call.call.dials) == ("waiting", back.sid, 0)
    back.waits()


def test_a_fallback_for_a_leg_that_nobody_has_written_down_makes_no_call_of_it(calls_back: Any) -> None:
    """The process was killed while it dialled; what the carrier asks next is the fallback."""
    live = calls_back.stage.hotline
    call = asks(calls_back)
    failed = live.links.call_back_answered("an offer")
    answer = rescue(live, Arrival("CA-dialled", "+8643112345", HOME), failed)
    assert failed in answer
    assert [one.number for one in calls_back.tickets()] == [call.call.ticket]


def test_who_calls_again_and_meets_a_fault_of_ours_is_called_back_no_more(calls_back: Any) -> None:
    """The fault leads into the queue: the caller would be dialled while on the line."""
    live = calls_back.stage.hotline
    phone = calls_back.telephone(MOBILE)
    call = asks(calls_back, MOBILE)
    since = call.call.waiting_since
    again = calls_back.call_from(MOBILE)
    arrival = Arrival(again.sid, MOBILE, "+8643112345")
    assert "<Enqueue" in rescue(live, arrival, live.links.step(again.call.step))
    assert (call.call.state, call.call.outcome) == ("ended", "called-again")
    assert (again.call.state, again.call.waiting_since) == ("waiting", since)
    calls_back.agent("Wang")
    again.rings("Wang")
    phone.does_not_ring(within=5)


def test_a_fault_in_the_middle_of_the_question_ends_it(calls_back: Any) -> None:
    """Later, out of the queue again, the caller is in the menu and not back in the question."""
    live = calls_back.stage.hotline
    call = calls_back.call_from(HOME)
    call.hears(OFFER)
    call.presses("2")
    call.hears(CONFIRM)
    step = call.call.step
    arrival = Arrival(call.sid, HOME, "+8643112345")
    assert "<Enqueue" in rescue(live, arrival, live.links.step(step))
    assert call.call.state == "waiting"
    after = menu.step(live, arrival, call.call.step, menu.ivr.Returned("leave"))
    assert CONFIRM not in after


@pytest.mark.parametrize("where", ["waiting", "talking"])
def test_whose_line_broke_and_who_has_dialled_again_is_not_called_back(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The end of the first line is told only when the second one is in the queue already."""
    calls_back.calls_back(abandoned_seconds=5)
    phone = calls_back.telephone(MOBILE)
    first = calls_back.call_from(MOBILE)
    first.waits()
    since = first.call.waiting_since
    calls_back.wait(8)
    with monkeypatch.context() as lost:
        lost.setattr(ending, "end", lambda *_arguments: None)
        first.hangs_up()
        again = calls_back.call_from(MOBILE)
        again.waits()
    assert (first.call.state, again.call.waiting_since > since) == ("waiting", True)
    if where == "talking":
        dead = first.call
        with calls_back.stage.hotline.store.transaction() as tx:
            book.change(tx, dead, queue="elsewhere")  # else it would ring first
        wang = calls_back.agent("Wang", queues="people")
        again.rings("Wang")
        wang.answers()
        calls_back.wait(2)
    ending.status(calls_back.stage.hotline, Arrival(first.sid, MOBILE, "+8643112345"), "completed")
    assert (first.call.state, first.call.outcome) == ("ended", "called-again")
    assert (again.call.state, again.call.waiting_since) == (where, since)
    phone.does_not_ring(within=30)


@pytest.mark.parametrize("where", ["first line", "called back"])
def test_a_step_of_a_line_that_is_over_leads_nobody_out_of_the_line(calls_back: Any, where: str) -> None:
    """The caller left the queue by a key and hung up; word of the first comes after that of the second."""
    live = calls_back.stage.hotline
    calls_back.calls_back(abandoned_seconds=5)
    phone = calls_back.telephone(HOME)
    if where == "first line":
        call = line = calls_back.call_from(HOME)
        call.waits()
    else:
        call = asks(calls_back)
        line = dropped(calls_back, calls_back.agent("Wang"), call, phone)
    calls_back.wait(8)
    line.hangs_up()
    assert (call.call.state, call.call.line) == ("waiting", None)
    late = menu.step(live, Arrival(line.sid, HOME, "+8643112345"), call.call.step, menu.ivr.Returned("leave"))
    assert (call.call.state, "<Hangup" in late) == ("waiting", True)


def test_a_step_on_the_new_line_that_comes_twice_is_answered_twice_the_same(calls_back: Any) -> None:
    live = calls_back.stage.hotline
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    back = dropped(calls_back, calls_back.agent("Wang"), call, phone)
    arrival, number = Arrival(back.sid, "+8643112345", HOME), call.call.step
    first = menu.step(live, arrival, number, menu.ivr.Returned("leave"))
    assert menu.step(live, arrival, number, menu.ivr.Returned("leave")) == first


def test_an_agents_leg_is_not_taken_for_the_callers_at_the_same_number(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Li's seat is the telephone at which the caller wants to be called; dialling it has failed once."""
    call = asks(calls_back)
    other = calls_back.call_from("+86 431 8888 0002")
    other.waits()
    wang = calls_back.agent("Wang")
    call.rings("Wang")
    calls_back.agent("Li", address=HOME.replace(" ", ""))
    other.rings("Li")
    carrier = calls_back.stage.hotline.carrier
    calling, lost = carrier.ring, []

    def ring(*told: Any) -> str:
        if not lost:
            lost.append(told[0])
            raise Unreachable("the answer was lost")
        return str(calling(*told))

    monkeypatch.setattr(carrier, "ring", ring)
    wang.answers()
    calls_back.wait(2)
    assert lost == [HOME.replace(" ", "")]
    [agents_leg] = [offer.leg for offer in calls_back.read(offers.of_call, other.sid)]
    assert call.call.leg not in (None, agents_leg)


def test_a_call_that_cannot_be_ended_keeps_no_other_from_being_found_dead(
    calls_back: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (calls_back.call_from(f"+86 431 8888 000{last}") for last in (1, 2))
    end = ending.end

    def broken(hotline: Any, tx: Any, sid: str, status: str) -> None:
        if sid == first.sid:
            raise ValueError("a mistake")
        end(hotline, tx, sid, status)

    first.waits()
    second.waits()
    with monkeypatch.context() as lost:
        lost.setattr(ending, "end", lambda *_arguments: None)
        first.hangs_up()
        second.hangs_up()
    monkeypatch.setattr(ending, "end", broken)
    calls_back.wait(15)
    assert (first.call.state, second.call.state) == ("waiting", "ended")
