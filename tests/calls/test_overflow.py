"""A full queue, the longest wait, and callers who are moved to another queue."""

from typing import Any

from calls import journal

FULL = "现在来电较多"


def test_a_full_queue_takes_nobody_more_and_the_next_once_there_is_room(hotline: Any) -> None:
    hotline.queue("people", limit=2)
    first, second = (hotline.call_from(f"+86 431 8888 000{n}") for n in (1, 2))
    second.waits()
    third = hotline.call_from("+86 431 8888 0003")
    third.hears(FULL)
    third.hears("请在提示音后留言")
    third.hangs_up()
    assert third.ticket.ticket.state == "call-back"
    first.hangs_up()
    fourth = hotline.call_from("+86 431 8888 0004")
    fourth.waits()


def test_who_is_being_rung_for_takes_no_place_in_a_full_queue(hotline: Any) -> None:
    hotline.queue("people", limit=1)
    hotline.agent("Wang")
    hotline.call_from("+86 431 8888 0001").rings("Wang")
    hotline.call_from("+86 431 8888 0002").waits()


def test_a_queue_full_of_others_turns_nobody_away_whom_a_free_agent_can_serve(hotline: Any) -> None:
    """Two Koreans wait for a Korean speaker; a Chinese caller is put through, and fills no place."""
    hotline.queue("people", limit=2)
    for number in ("+86 431 8888 0001", "+86 431 8888 0002"):
        korean = hotline.call_from(number)
        korean.chooses("ko")
        korean.presses("0")
        korean.waits()
    hotline.agent("Wang", speaks="zh")
    chinese = hotline.call_from("+86 431 8888 0003")
    chinese.rings("Wang")
    late = hotline.call_from("+86 431 8888 0004")
    late.hears(FULL)


def test_a_queue_has_a_longest_wait_of_its_own(hotline: Any) -> None:
    hotline.queue("people", wait_limit_seconds=60)
    call = hotline.call_from()
    call.waits()
    call.hears("请在提示音后留言", within=90)


def test_who_has_waited_so_long_waits_in_the_other_queue_at_the_place_that_gives(hotline: Any) -> None:
    hotline.queue("night", priority=10)
    hotline.queue("people", timeline=[{"after": 60, "move": "night"}])
    first = hotline.call_from("+86 431 8888 0001")
    first.waits()
    since = first.call.waiting_since
    second = hotline.call_from("+86 431 8888 0002")
    second.waits()
    hotline.wait(30)
    assert first.call.queue == "people"
    hotline.wait(30)
    assert (first.call.queue, first.call.priority, first.call.waiting_since) == ("night", 10, since)
    assert first.journal.count("moved") == 1
    (moved,) = (each for each in hotline.read(journal.of_call, first.sid) if each.kind == "moved")
    assert moved.detail == {"queue": "night", "from_queue": "people", "from_priority": 0}
    hotline.wait(20)
    assert second.call.queue == "night"
    hotline.agent("Li", queues="night")
    first.rings("Li")


def test_nobody_is_moved_to_a_queue_after_its_hours_and_who_waits_there_is_still_served(hotline: Any) -> None:
    end = hotline.here(minutes=2)
    until = f"00:00-{end:%H:%M}"
    hotline.calendar(hours={"office": {"workdays": until, "weekends": until, "holidays": until}})
    hotline.queue("office", hours="office")
    hotline.queue("people", timeline=[{"after": 20, "move": "office"}])
    early = hotline.call_from("+86 431 8888 0001")
    early.waits()
    hotline.wait(20)
    while hotline.here() < end.replace(second=0, microsecond=0):
        hotline.wait(1)
    late = hotline.call_from("+86 431 8888 0002")
    late.waits()
    hotline.wait(30)
    assert (early.call.queue, late.call.queue) == ("office", "people")
    hotline.agent("Li", queues="office")
    early.rings("Li")


def test_a_closed_queue_is_moved_to_by_nobody(hotline: Any) -> None:
    hotline.queue("night")
    hotline.queue("people", timeline=[{"after": 20, "move": "night"}])
    hotline.closes("night")
    call = hotline.call_from()
    call.waits()
    hotline.wait(60)
    assert (call.call.state, call.call.queue) == ("waiting", "people")
    hotline.opens("night")
    hotline.wait(2)
    assert call.call.queue == "night"


def test_who_was_kept_for_an_agent_is_not_in_a_queue_that_keeps_nobody(hotline: Any) -> None:
    hotline.queue("people", strategy="sticky", keep_seconds=600, timeline=[{"after": 20, "move": "night"}])
    hotline.queue("night")
    first, wang = hotline.talk("Wang")
    first.hangs_up()
    hotline.agent("Li", queues="night")
    again = hotline.call_from("+86 431 8888 0001")
    again.waits()
    assert again.call.wants == "wang"
    hotline.agent("Wang", queues="night", ready=False)
    wang.wraps_up()  # ready for a shorter time than Li
    again.rings("Li")
