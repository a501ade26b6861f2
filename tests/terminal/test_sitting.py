"""An agent at the terminal: the telephone rings, keys answer, the hotline goes away and comes back."""

import asyncio

import pytest

from carrier.phone import NobodyRang
from switchboard.call_backs import WHY
from switchboard.offering import CALLER_GONE, LOST, OTHER_GONE, TAKEN
from terminal.auto import serve
from terminal.desk import Away, NotPossible, Seat
from terminal.sitting import Sitting, described

CALLER = {"caller": "+86 431 **** 0001", "language": "ko", "ticket": "26112400001"}
TALK = {**CALLER, "held": False, "connected": True}
READY = Seat("ready", None, None, None)
TALKING = Seat("talking", None, None, TALK)


class Desk:
    """Answers with `seat`, or raises it."""

    def __init__(self):
        self.seat = READY
        self.asked = []
        self.reasons = []

    async def show(self):
        if isinstance(self.seat, Exception):
            raise self.seat
        return self.seat

    async def do(self, action, **more):
        self.asked.append(action)
        self.reasons += more.values()
        return await self.show()


class Phone:
    """Rings once for each line that is put in."""

    def __init__(self):
        self.calls = asyncio.Queue()
        self.connected = True

    async def rings(self, within):
        line = await self.calls.get()
        if line is None:
            raise NobodyRang
        return line


class Shift:
    """A sitting with all that it touches."""

    def __init__(self, telephone, screen, address):
        self.desk, self.phone, self.screen = Desk(), Phone(), screen
        self.line = telephone.line("ringing")
        self.sitting = Sitting(self.desk, self.phone, screen, address)

    async def until(self, true):
        while not true():
            await asyncio.sleep(0.01)

    async def rings(self):
        await self.phone.calls.put(self.line)
        await self.shows("your telephone rings")

    async def shows(self, text):
        await self.until(lambda: text in self.screen.text())


@pytest.fixture
def sit(telephone, screen, monkeypatch):
    """`sit(story)` runs `story(shift)` while the agent sits there."""
    monkeypatch.setattr("terminal.sitting.LOOK", 0.01)
    monkeypatch.setattr("terminal.auto.LOOK", 0.01)

    def run(story, address="client:kim", auto=None):
        async def last():
            shift = Shift(telephone, screen, address)

            async def told():
                await asyncio.wait_for(story(shift), 30)
                shift.sitting.quit()

            also = [] if auto is None else [serve(shift.sitting, auto)]
            await shift.sitting.last(told(), *also)
            return shift

        return asyncio.run(last())

    return run


def test_a_call_is_accepted_talked_on_held_and_hung_up(sit):
    async def story(shift):
        await shift.rings()
        await shift.sitting.press("a")
        shift.desk.seat = TALKING
        await shift.shows("talking: +86 431 **** 0001 in ko, ticket 26112400001")
        shift.line.says("여보세요", "ko-KR", "voice")
        await shift.shows("한국어    “여보세요”")
        await shift.sitting.press("/안녕하세요")
        await shift.sitting.press("o")
        shift.desk.seat = Seat("talking", None, None, {**TALK, "held": True})
        await shift.shows("on hold")
        await shift.sitting.press("o")
        await shift.sitting.press("h")

    shift = sit(story)
    assert shift.line.done == ["answer", "speak 안녕하세요"]
    assert shift.desk.asked == ["hold", "unhold", "hang-up"]


def test_a_call_is_declined(sit):
    async def story(shift):
        await shift.rings()
        await shift.sitting.press("d")
        await shift.shows("this call is over (busy)")

    assert sit(story).line.done == ["decline"]


def test_hanging_up_before_the_caller_is_there_ends_this_leg_alone(sit):
    async def story(shift):
        await shift.rings()
        await shift.sitting.press("a")
        await shift.sitting.press("h")
        await shift.shows("this call is over (completed)")

    shift = sit(story)
    assert shift.line.done == ["answer", "hang up"]
    assert shift.desk.asked == []


def test_an_office_phone_presses_1_when_it_is_asked(sit):
    async def story(shift):
        await shift.rings()
        shift.line.says("韩语来电，接听请按1。")
        await shift.sitting.press("a")

    assert sit(story, address="+8643188886666").line.done == ["answer", "press 1"]


def test_a_pause_asks_why_where_there_are_several_reasons(sit):
    async def story(shift):
        shift.desk.seat = Seat("ready", None, None, None, ("break", "lunch"))
        await shift.until(lambda: shift.sitting.seat == shift.desk.seat)
        await shift.sitting.press("p")
        await shift.sitting.press("2")
        await shift.sitting.press("p")
        await shift.sitting.press("p")

    shift = sit(story)
    assert "why? 1 break  2 lunch  p the first" in shift.screen.text()
    assert (shift.desk.asked, shift.desk.reasons) == (["pause", "pause"], ["lunch"])


@pytest.mark.parametrize(("key", "action"), [("r", "ready"), ("p", "pause"), ("w", "wrap-up-done")])
def test_keys_of_the_desk(sit, key, action):
    async def story(shift):
        await shift.sitting.press(key)

    assert sit(story).desk.asked == [action]


@pytest.mark.parametrize("key", ["?", "d", "5"])
def test_a_key_that_means_nothing_now_shows_the_keys(sit, key):
    async def story(shift):
        await shift.sitting.press(key)

    assert "r ready  p pause  a accept" in sit(story).screen.text()


def test_what_cannot_be_done_is_said_and_nothing_breaks(sit):
    async def story(shift):
        await shift.sitting.press("a")
        await shift.sitting.press("/hello")
        shift.desk.seat = NotPossible("there is no talk to hold")
        await shift.sitting.press("o")

    shown = sit(story).screen.text()
    assert "nobody is calling" in shown
    assert "there is nobody to speak to" in shown
    assert "there is no talk to hold" in shown


def test_a_hotline_that_goes_away_and_comes_back_is_said_once(sit):
    async def story(shift):
        await shift.shows("ready")
        shift.desk.seat = Away("connection refused")
        await shift.shows("the hotline does not answer (connection refused); trying again")
        await shift.sitting.press("r")
        shift.desk.seat = Seat("paused", "missed", None, None)
        await shift.shows("the hotline is back")
        await shift.shows("paused (missed)")

    assert sit(story).screen.text().count("does not answer") == 1


def test_a_seat_that_is_no_more_is_said_once_and_left(sit):
    async def story(shift):
        await shift.shows("ready")
        shift.desk.seat = NotPossible("there is no agent 'kim'")
        await shift.shows("there is no agent 'kim'")
        await asyncio.sleep(3600)  # the agent does nothing; the shift ends by itself

    shift = sit(story)
    assert shift.sitting.lost
    assert shift.screen.text().count("there is no agent") == 1


def test_a_talk_at_a_seat_that_is_no_more_goes_on_until_it_is_hung_up(sit):
    async def story(shift):
        shift.desk.seat = TALKING
        await shift.rings()
        await shift.sitting.press("a")
        shift.desk.seat = NotPossible("there is no agent 'kim'")
        await shift.shows("there is no agent 'kim'")
        await asyncio.sleep(0.1)
        assert shift.line.live
        await shift.sitting.press("h")
        await asyncio.sleep(3600)

    shift = sit(story)
    assert shift.line.done == ["answer", "hang up"]
    assert shift.screen.text().count("there is no agent") == 1


def test_a_carrier_that_goes_away_and_comes_back_is_said(sit):
    async def story(shift):
        await shift.rings()
        shift.phone.connected = False
        await shift.shows("the carrier is away; connecting again")
        shift.phone.connected = True
        await shift.shows("your telephone is connected again")

    sit(story)


def test_a_key_while_the_carrier_is_away_breaks_nothing(sit):
    async def story(shift):
        async def away():
            raise ConnectionError("no carrier")

        await shift.rings()
        shift.line.answer = away
        await shift.sitting.press("a")

    assert "the carrier is away" in sit(story).screen.text()


def test_quiet_hours_go_by(sit):
    async def story(shift):
        await shift.phone.calls.put(None)
        await shift.rings()

    sit(story)


def test_by_itself_it_accepts_talks_hangs_up_and_is_ready_again(sit):
    async def story(shift):
        shift.desk.seat = Seat("offline", None, None, None)
        await shift.until(lambda: "ready" in shift.desk.asked)
        shift.desk.seat = READY
        await shift.phone.calls.put(shift.line)
        await shift.until(lambda: shift.line.done == ["answer"])
        shift.desk.seat = TALKING
        await shift.until(lambda: "hang-up" in shift.desk.asked)
        shift.desk.seat = Seat("wrapping-up", None, None, None)
        await shift.until(lambda: "wrap-up-done" in shift.desk.asked)

    assert sit(story, auto=0.05).line.done == ["answer"]


def test_what_became_of_a_call_that_rang_is_told_once(sit):
    async def story(shift):
        shift.desk.seat = Seat("offered", None, None, TALK)
        await shift.shows("offered: ")
        shift.desk.seat = Seat("ready", "taken", None, None)
        await shift.shows("ready (another agent has taken the call)")
        shift.desk.seat = READY
        await shift.until(lambda: shift.sitting.seat == READY)

    assert sit(story).screen.text().endswith("ready (another agent has taken the call)\n")


def test_there_are_words_for_whatever_became_of_a_call_that_rang():
    over = ("called-again", "declined", "message", "transferred")
    call_backs = {f"call-back-{why}" for why in (*WHY.values(), "hung-up", "no-key", *over)}
    for why in (TAKEN, OTHER_GONE, CALLER_GONE, LOST, *sorted(call_backs)):
        assert f"({why})" not in described(Seat("ready", why, None, None))


def test_a_seat_in_one_line():
    assert described(Seat("ready", "call-back-busy", None, None)) == "ready (the called line was busy)"
    assert described(Seat("paused", "lunch", "offline", None)) == "paused (lunch), then offline"
    held = Seat("talking", None, "paused", {**TALK, "held": True})
    assert described(held) == "talking, then paused: +86 431 **** 0001 in ko, ticket 26112400001, on hold"


def test_a_seat_in_one_line_tells_what_is_awaited_by_who_has_accepted():
    def seen(state, **talk):
        seat = Seat(state, None, None, {**TALK, "role": "agent", "connected": False, **talk})
        return described(seat).partition(": ")[0]

    rings = {"agent": "hoshi", "label": "星野", "state": "offered"}
    assert seen("offered", accepted=False, other=rings) == "offered"
    assert seen("offered", accepted=True, other=rings) == "accepted, waiting for the other"
    assert seen("talking", accepted=True, other={**rings, "state": "accepted"}) == "connecting"
    assert seen("talking", accepted=True, call_back=True) == "dialling"
    assert seen("talking", accepted=True, call_back=True, connected=True, notice=True) == "connecting"
    assert seen("talking", accepted=True, call_back=True, connected=True, notice=False) == "talking"


def test_who_sits_down_in_a_break_stays_in_it_and_is_told(sit):
    async def story(shift):
        shift.desk.seat = Seat("paused", "lunch", None, None)
        await shift.sitting.sit_down()
        await shift.shows("still paused: r is ready again")

    assert sit(story).desk.asked == ["sit-down"]


def test_a_seat_in_one_line_tells_of_the_interpreter():
    def seen(role, state):
        other = {"agent": "kim", "label": "김민준", "state": state}
        return described(Seat("offered", None, None, {**TALK, "role": role, "other": other})).partition("; ")[
            2
        ]

    assert seen("agent", "offered") == "interpreting: 김민준, who has not accepted yet"
    assert seen("interpreter", "pledged") == "you interpret for 김민준, who waits for you"
    assert seen("agent", "accepted") == "interpreting: 김민준"
    assert seen("agent", "ended") == "interpreting: 김민준, who has left the talk"
