"""Who is rung for a call, as queues.yml and agents.yml say."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from routing.receipts import replay
from store.engine import Store
from terminal.tickets import tickets

SAMPLE = Path(__file__).parents[2] / "config"


def test_who_has_taken_the_fewest_calls_is_rung(hotline: Any) -> None:
    hotline.queue("people", strategy="fewest-calls")
    busy, _ = hotline.talk("Wang")
    busy.hangs_up()
    hotline.seats["wang"].wraps_up()
    hotline.wait(minutes=1)
    hotline.agent("Li")
    call = hotline.call_from("+86 431 8888 0002")
    call.rings("Li")


def test_the_only_one_who_speaks_korean_stays_free_for_koreans(hotline: Any) -> None:
    hotline.queue("people", strategy="specialists-last")
    hotline.agent("Kim", speaks="zh ko")
    hotline.wait(minutes=1)
    hotline.agent("Wang")
    call = hotline.call_from("+86 431 8888 0001")
    call.rings("Wang")


def test_after_some_seconds_a_lower_level_of_the_language_is_enough(hotline: Any) -> None:
    hotline.queue("people", level=4, timeline=[{"after": 20, "level": 2}])
    beginner = hotline.agent("Pak", speaks="zh ko", levels={"zh": 2})
    call = hotline.call_from()
    call.waits()
    waited = 0
    while not beginner.rung_for(call.sid):
        assert waited < 60
        hotline.wait(1)
        waited += 1
    assert waited in (19, 20, 21)  # the second in which it began to wait is not the test's
    assert "offered" in call.journal


def test_who_could_from_the_first_second_is_rung_before_who_was_let_in_later(hotline: Any) -> None:
    hotline.queue("people", level=4, timeline=[{"after": 20, "level": 2}])
    hotline.agent("Pak", levels={"zh": 2})
    expert = hotline.agent("Wang", levels={"zh": 5}, ready=False)
    call = hotline.call_from()
    call.waits()
    hotline.wait(10)
    expert.is_ready()
    call.rings("Wang")


def test_a_topic_that_is_needed_is_never_overlooked(hotline: Any) -> None:
    hotline.queue("people", topics={"passport": 3}, timeline=[{"after": 10, "topics": {"passport": 1}}])
    hotline.agent("Wang")
    call = hotline.call_from()
    call.waits()
    hotline.wait(minutes=1)
    assert call.call.state == "waiting"
    hotline.agent("Li", topics={"passport": 1})
    call.rings("Li")


@pytest.mark.parametrize("strategy", ["longest-idle", "specialists-last"])
def test_every_assignment_has_a_receipt_that_says_the_same_again(hotline: Any, strategy: str) -> None:
    hotline.queue("people", strategy=strategy)
    hotline.agent("Kim", speaks="zh ko")
    hotline.agent("Wang")
    rung, other = ("Kim", "Wang") if strategy == "longest-idle" else ("Wang", "Kim")
    call = hotline.call_from()
    call.rings(rung)
    hotline.seats[rung.lower()].declines()
    call.rings(other)
    first, second = call.receipts
    for receipt in (first, second):
        again = replay(receipt)
        assert again is not None
        assert [one.name for one in again.agents] == receipt.body["chosen"]["agents"]
        assert again.head.call == call.sid
    assert {one["name"] for one in first.body["ready"]} == {"kim", "wang"}
    assert {one["name"] for one in second.body["ready"]} == {second.body["chosen"]["agents"][0]}


def test_a_ticket_tells_why_its_call_was_offered_to_whom(hotline: Any, store: Store) -> None:
    hotline.queue("people", strategy="specialists-last")
    hotline.agent("Kim", speaks="zh ko")
    hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")

    def told(*options: str) -> str:
        url = store.url.render_as_string(hide_password=False)
        environ = {"HOTLINE_DATABASE_URL": url, "HOTLINE_CONFIG": str(SAMPLE)}
        ended = CliRunner().invoke(tickets, [call.call.ticket, "--why", *options], env=environ)
        assert ended.exit_code == 0, ended.output
        return ended.output

    page = told()
    assert "wang, by specialists-last (decided again: the same)" in page
    assert {line.split()[0] for line in page.splitlines() if "zh 5" in line} == {"kim", "→"}
    [offer] = json.loads(told("--json"))
    assert offer["same_again"] is True
    assert offer["chosen"] == {"call": call.sid, "agents": ["wang"], "step": 0}


def test_who_calls_again_waits_for_the_same_agent_but_only_so_long(hotline: Any) -> None:
    hotline.queue("people", strategy="sticky", keep_seconds=30)
    first, wang = hotline.talk("Wang")
    first.hangs_up()
    wang.wraps_up()
    hotline.wait(minutes=1)
    hotline.agent("Li")
    other = hotline.call_from("+86 431 8888 0002")
    other.rings("Wang")  # ready the longest
    wang.answers()

    again = hotline.call_from("+86 431 8888 0001")
    again.waits()
    hotline.wait(10)
    assert again.call.state == "waiting"  # Li is ready, and not rung
    other.hangs_up()
    wang.wraps_up()
    again.rings("Wang")
    wang.declines()
    again.rings("Li")


def test_who_calls_again_in_another_language_waits_for_nobody_who_lacks_it(hotline: Any) -> None:
    hotline.queue("people", strategy="sticky", keep_seconds=600)
    first, wang = hotline.talk("Wang")
    first.hangs_up()
    wang.wraps_up()
    hotline.agent("Kim", speaks="ko")
    again = hotline.call_from()
    again.chooses("ko")
    again.rings("Kim")
    assert again.receipts[0].at - again.call.waiting_since < timedelta(seconds=5)


def test_who_calls_again_waits_for_nobody_who_is_away(hotline: Any) -> None:
    hotline.queue("people", strategy="sticky", keep_seconds=600)
    first, wang = hotline.talk("Wang")
    first.hangs_up()
    wang.wraps_up()
    wang.pauses()
    hotline.agent("Li")
    again = hotline.call_from("+86 431 8888 0001")
    again.rings("Li")


@pytest.mark.parametrize("how", ["pauses", "leaves", "declines"])
def test_who_is_kept_for_somebody_who_goes_is_kept_no_longer(hotline: Any, how: str) -> None:
    hotline.queue("people", strategy="sticky", keep_seconds=600)
    first, wang = hotline.talk("Wang")
    first.hangs_up()
    wang.wraps_up()
    other = hotline.call_from("+86 431 8888 0002")
    other.rings("Wang")
    wang.answers()
    hotline.agent("Li")
    again = hotline.call_from("+86 431 8888 0001")
    again.waits()
    hotline.wait(5)
    assert again.call.state == "waiting"  # kept for Wang
    if how == "declines":
        other.hangs_up()
        wang.wraps_up()
        again.rings("Wang")
    getattr(wang, how)()  # at once, or wished for after the talk
    again.rings("Li")
