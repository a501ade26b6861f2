"""What a caller is told of the wait is kept, and held against the wait."""

from datetime import timedelta
from typing import Any

import pytest

from routing.promises import Promise, kept, promises


def test_the_first_figure_a_caller_hears_is_kept_with_the_wait_that_it_was(hotline: Any) -> None:
    _, wang = hotline.talk("Wang")
    call = hotline.call_from("+86 431 8888 0002")
    call.waits()
    call.hears("排在第1位")
    told = call.call
    assert told.promised_p50 is not None
    assert 0 < told.promised_p50 < told.promised_p90
    hotline.wait(minutes=2)
    assert call.call.promised_at == told.promised_at  # what is said later changes nothing
    wang.hangs_up()
    wang.wraps_up()
    call.rings("Wang")
    wang.answers()
    hotline.wait(2)
    hour = timedelta(hours=1)
    now = hotline.stage.hotline.now()
    [made] = hotline.read(promises, now - hour, now + hour)
    assert (made.queue, made.language, made.p50) == ("people", "zh", told.promised_p50)
    assert made.waited == (call.call.answered_at - told.promised_at).total_seconds() >= 120


def test_who_is_connected_at_once_was_promised_nothing(hotline: Any) -> None:
    call, _ = hotline.talk("Wang")
    assert call.call.promised_at is None


def test_how_promises_were_kept() -> None:
    made = [Promise("people", "zh", 60, 120, waited) for waited in (30, 50, 100, 100, 400)]
    found = kept(made)
    assert found is not None
    assert (found.callers, found.within_p50, found.within_p90) == (5, 0.4, 0.8)
    assert found.off == pytest.approx(((30**2 + 10**2 + 40**2 + 40**2 + 340**2) / 5) ** 0.5)
    assert kept([]) is None
