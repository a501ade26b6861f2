"""Who hears whom in a conference, by the tone that each of them says."""

import asyncio

import pytest

from carrier.model import Call, Request
from carrier.speech.pcm import Samples
from tests.carrier_voice.browser import RATE, Browser, share
from tests.carrier_voice.conftest import World
from tests.carrier_voice.test_calls import loud, recorded, wav

AGENT, CALLER, THIRD, BEEP = 440, 700, 1200, 1000
FIRST_NOTE = 261.63 * 2


def conference(label: str, more: str = 'beep="false" waitUrl=""') -> str:
    return f'<Dial><Conference participantLabel="{label}" {more}>talk</Conference></Dial>'


async def hears(page: Browser, *tones: float, seconds: float = 0.5) -> None:
    """Wait until it hears all these and nothing else to speak of."""
    async with asyncio.timeout(15):
        while not only(page.last(seconds), *tones):
            await asyncio.sleep(0.05)


def only(samples: Samples, *tones: float) -> bool:
    shares = [share(samples, tone) for tone in tones]
    return all(one > 0.5 / len(tones) for one in shares) and sum(shares) > 0.9


async def silence(page: Browser) -> None:
    async with asyncio.timeout(15):
        while loud(page.last(0.5)):
            await asyncio.sleep(0.05)


def most(samples: Samples, hertz: float) -> float:
    """How much of a tone there was where there was most of it."""
    piece = RATE // 5
    return max(
        (share(samples[at : at + piece], hertz) for at in range(0, len(samples), piece // 4)), default=0
    )


async def sounded(browser: Browser, hertz: float) -> None:
    """Wait until there has been this tone, however short."""
    async with asyncio.timeout(20):
        while most(browser.heard, hertz) < 0.5:
            await asyncio.sleep(0.1)


def call_of(world: World, label: str) -> Call:
    return world.exchange.calls[world.exchange.find_participant("talk", label).call_sid]


async def three(world: World) -> tuple[Browser, Browser, Browser]:
    agent = await world.caller(conference("agent"), AGENT)
    caller = await world.caller(conference("caller"), CALLER)
    third = await world.caller(conference("third"), THIRD)
    await hears(agent, CALLER, THIRD)
    return agent, caller, third


async def test_three_hear_each_other_and_not_themselves(world: World) -> None:
    agent, caller, third = await three(world)
    await hears(agent, CALLER, THIRD)
    await hears(caller, AGENT, THIRD)
    await hears(third, AGENT, CALLER)


async def test_a_coach_is_heard_by_whom_it_coaches_alone(world: World) -> None:
    agent, caller, third = await three(world)
    sid = call_of(world, "agent").sid
    world.exchange.update_participant("talk", "third", coaching=True, call_sid_to_coach=sid)
    await hears(caller, AGENT)
    await hears(agent, CALLER, THIRD)
    await hears(third, AGENT, CALLER)
    world.exchange.update_participant("talk", "third", coaching=False)
    await hears(caller, AGENT, THIRD)


async def test_who_is_muted_is_heard_by_nobody_and_hears_all(world: World) -> None:
    agent, caller, third = await three(world)
    world.exchange.update_participant("talk", "third", muted=True)
    await hears(agent, CALLER)
    await hears(caller, AGENT)
    await hears(third, AGENT, CALLER)


async def test_on_hold_one_hears_music_and_the_others_each_other(world: World) -> None:
    agent, caller, third = await three(world)
    world.exchange.update_participant("talk", "caller", hold=True)
    await caller.hears(FIRST_NOTE, seconds=0.4)
    await hears(agent, THIRD)
    await hears(third, AGENT)
    async with asyncio.timeout(15):
        while not loud(caller.last(0.5)) or max(most(caller.last(0.5), one) for one in (AGENT, THIRD)) > 0.1:
            await asyncio.sleep(0.05)
    assert most(agent.heard, FIRST_NOTE) < 0.1
    world.exchange.update_participant("talk", "caller", hold=False)
    await hears(caller, AGENT, THIRD)
    await hears(agent, CALLER, THIRD)


async def test_who_has_left_is_heard_no_more(world: World) -> None:
    agent, _caller, third = await three(world)
    await third.hang_up()
    await hears(agent, CALLER)
    world.exchange.remove_participant("talk", "caller")
    await silence(agent)


async def test_who_is_there_hears_a_beep_when_somebody_comes_and_when_somebody_goes(world: World) -> None:
    agent = await world.caller(conference("agent", ""))  # and the music of a wait, which the beep ends
    await agent.hears(FIRST_NOTE, seconds=0.4)
    caller = await world.caller(conference("caller", ""))
    await sounded(agent, BEEP)
    third = await world.caller(conference("third", ""))
    await sounded(caller, BEEP)
    assert most(third.heard, BEEP) < 0.1
    await silence(agent)
    agent.heard = agent.heard[:0]
    await third.hang_up()
    await sounded(agent, BEEP)


@pytest.mark.parametrize(("beep", "comes", "goes"), [("onEnter", True, False), ("onExit", False, True)])
async def test_a_beep_can_be_had_for_one_of_the_two(world: World, beep: str, comes: bool, goes: bool) -> None:
    agent = await world.caller(conference("agent", 'waitUrl=""'))
    leg = world.exchange.legs[call_of(world, "agent").sid]

    async def beeps(key: str, hertz: float) -> bool:
        """Whether there was a beep before the key that is sounded now."""
        world.exchange.medium.tone(leg, key)
        async with asyncio.timeout(15):
            while most(agent.heard, hertz) < 0.3:
                await asyncio.sleep(0.1)
        heard, agent.heard = agent.heard, agent.heard[:0]
        return most(heard, BEEP) > 0.3

    caller = await world.caller(conference("caller", f'beep="{beep}" waitUrl=""'))
    assert await beeps("2", 697) == comes
    await caller.hang_up()
    await caller.gets("hangup")
    assert await beeps("*", 941) == goes


async def test_a_key_is_heard_by_the_others(world: World) -> None:
    agent = await world.caller(conference("agent"))
    caller = await world.caller(conference("caller"))
    await agent.press("5")
    async with asyncio.timeout(15):
        while most(caller.heard, 770) < 0.3 or most(caller.heard, 1336) < 0.3:
            await asyncio.sleep(0.1)
    assert most(agent.heard, 770) < 0.1


async def test_an_announcement_is_heard_at_once_also_over_the_music_of_a_hold(world: World) -> None:
    agent, caller, _third = await three(world)
    world.exchange.update_participant("talk", "caller", hold=True)
    await caller.hears(FIRST_NOTE, seconds=0.4)
    world.app.on("/tone.wav", wav(1700))
    world.app.on("/news", "<Play>/tone.wav</Play>")
    announced = Request(world.app.url + "/news", "GET")
    world.exchange.update_participant("talk", "caller", announce=announced)
    await caller.hears(1700, within=5)  # a round of the music is eleven seconds
    assert most(agent.heard, 1700) < 0.1


async def test_the_recording_has_what_everybody_heard_and_no_coach_and_nobody_muted_or_on_hold(
    world: World,
) -> None:
    more = 'beep="false" waitUrl="" record="record-from-start"'
    agent = await world.caller(conference("agent", more), AGENT)
    caller = await world.caller(conference("caller", more), CALLER)
    third = await world.caller(conference("third", more + ' muted="true"'), THIRD)
    sid = call_of(world, "agent").sid
    await hears(agent, CALLER)
    world.exchange.update_participant("talk", "third", muted=False, coaching=True, call_sid_to_coach=sid)
    await hears(agent, CALLER, THIRD)
    world.exchange.update_participant("talk", "third", hold=True)
    await hears(agent, CALLER)
    world.exchange.update_participant("talk", "third", coaching=False)
    await asyncio.sleep(0.5)
    for page in (third, agent, caller):
        await page.hang_up()
    await caller.gets("hangup")
    sound, _ = recorded(world)
    assert most(sound[:, 0], CALLER) > 0.3
    assert most(sound[:, 0], AGENT) > 0.3
    assert most(sound[:, 0], THIRD) < 0.05
