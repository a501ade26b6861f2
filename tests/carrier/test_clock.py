"""The clock that is moved by hand: order, settling, fairness; and what a phone says when time is over."""

import asyncio
import threading

import pytest

from carrier.clock import ManualClock, RealClock
from carrier.phone import DidNotEnd, DidNotHear, Phone
from tests.carrier.conftest import World


async def test_timers_fire_in_order_and_nothing_fires_early(world: World) -> None:
    fired: list[tuple[str, float]] = []
    begun = world.clock.now()

    def note(name: str) -> None:
        fired.append((name, (world.clock.now() - begun).total_seconds()))

    world.clock.call_later(5, lambda: note("late"))
    world.clock.call_later(2, lambda: note("early"))
    world.clock.call_later(2, lambda: note("early too"))
    world.clock.call_later(3, lambda: note("never")).cancel()
    await world.exchange.advance(4)
    assert fired == [("early", 2), ("early too", 2)]
    await world.exchange.advance(1)
    assert fired[2:] == [("late", 5)]


async def test_what_a_timer_sets_off_comes_before_the_next_timer(world: World) -> None:
    order: list[str] = []

    async def sleeper() -> None:
        await world.clock.sleep(1)
        order.append("slept")
        await world.clock.sleep(0.5)
        order.append("slept again")

    task = asyncio.create_task(sleeper())
    world.clock.call_later(1.5, lambda: order.append("timer"))
    world.clock.call_later(2, lambda: order.append("last"))
    await world.exchange.advance(3)
    await task
    assert order == ["slept", "timer", "slept again", "last"]


async def test_time_waits_for_whoever_has_just_been_woken(world: World) -> None:
    """Many wait at once; one who is woken acts at that moment, not at a later one."""
    acted: list[float] = []
    begun = world.clock.now()
    done: list[int] = []

    async def actor(number: int) -> None:
        world.clock.call_later(number, lambda: done.append(number))
        assert await world.clock.until(lambda: number in done, 100)
        acted.append((world.clock.now() - begun).total_seconds())

    await asyncio.gather(*(actor(number) for number in range(1, 20)))
    assert acted == list(range(1, 20))


async def test_settle_waits_for_work_outside(world: World) -> None:
    started, release = threading.Event(), threading.Event()
    finished: list[bool] = []

    def work() -> None:
        with world.exchange.busy():
            started.set()
            release.wait()
            finished.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    settling = asyncio.create_task(world.exchange.settle())
    await asyncio.sleep(0.01)
    assert not settling.done()
    release.set()
    await settling
    assert finished
    thread.join()


async def test_a_phone_says_what_it_heard_instead(world: World) -> None:
    line = await world.call('<Say>One</Say><Say>Two</Say><Pause length="60"/>')
    with pytest.raises(DidNotHear) as wrong:
        await line.hears("Three", within=20)
    assert str(wrong.value) == (
        'did not hear "Three" within 20 s; heard "One", then "Two"; the call is in-progress'
    )
    with pytest.raises(DidNotEnd):
        await line.ends(within=1)
    with pytest.raises(DidNotHear, match="the call has ended"):
        await line.hears("Four", within=100)


async def test_what_was_waited_for_is_not_heard_twice(world: World) -> None:
    line = await world.call("<Say>Press 1</Say><Say>Press 2</Say>")
    await line.hears("Press")
    await line.hears("Press")
    with pytest.raises(DidNotHear):
        await line.hears("Press")


async def test_a_phone_has_no_letters_on_its_keys(world: World) -> None:
    line = await world.call("<Pause/>")
    with pytest.raises(ValueError, match="keys x"):
        await line.press("1x")


async def test_a_number_that_is_nobodys_fails(world: World) -> None:
    line = await Phone(world.exchange).dial("+861")
    assert await line.ends() == "failed"
    assert line.from_ == "anonymous"


async def test_a_driver_that_fails_tells_whoever_waits(world: World) -> None:
    def broken() -> None:
        raise RuntimeError("a timer broke")

    clock = ManualClock()
    clock.call_later(1, broken)
    with pytest.raises(RuntimeError, match="a timer broke"):
        await clock.until(lambda: False, 5)


async def test_the_real_clock_wakes_at_a_beat(world: World) -> None:
    clock = RealClock()
    seen: list[bool] = []

    def see() -> None:
        seen.append(True)
        clock.activity.beat()

    asyncio.get_running_loop().call_soon(see)
    assert await clock.until(lambda: bool(seen), 10)
    assert not await clock.until(lambda: False, 0.01)
