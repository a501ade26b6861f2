"""An agent at a seat in the terminal: a telephone that rings, the desk's keys, and what both show."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace

from carrier.phone import DidNotHear, Line, NobodyRang, Phone
from terminal.desk import Away, Desk, NotPossible, Seat
from terminal.ear import Ear
from terminal.keys import END, PHONE_KEYS, SPEAK, Keys
from terminal.screen import Screen

LOOK = 0.5  # seconds between two looks at the seat
LONG = 3600.0
TAKEN = "somebody sits at this seat already: its telephone rings here from now on, and q leaves it for both"
HELP = "r ready  p pause  a accept  d decline  h hang up  o hold  w wrapped up  / speak  q quit"
OTHER = {
    "offered": ", who has not accepted yet",
    "pledged": ", who waits for you",
    "ended": ", who has left the talk",
}
TOLD = {
    "taken": "another agent has taken the call",
    "other-gone": "the other could not take the call",
    "caller-gone": "the caller has hung up",
    "lost": "the ring was lost",
    "call-back-no-answer": "nobody answered the call-back",
    "call-back-busy": "the called line was busy",
    "call-back-no-key": "nobody pressed a key at the call-back",
    "call-back-hung-up": "the call-back was hung up",
    "call-back-failed": "the call-back could not be made",
    "call-back-called-again": "the caller has called again",
    "call-back-declined": "the caller needs nobody any more",
    "call-back-message": "the caller has left a message",
    "call-back-transferred": "the caller was put through elsewhere",
}
ASKED = {"r": "ready", "p": "pause", "w": "wrap-up-done"}


class Sitting:
    """One agent's shift. `address` is what rings: only a client: needs no key to accept a call."""

    def __init__(self, desk: Desk, phone: Phone, screen: Screen, address: str) -> None:
        self.desk = desk
        self.phone = phone
        self.screen = screen
        self.line: Line | None = None
        self.seat: Seat | None = None
        self.lost = False  # there is no such seat any more: nothing to be asked of it
        self._presses_to_accept = not address.startswith("client:")
        self._away = False
        self._choosing = False  # of the reasons for a pause
        self._connected = True
        self._over = asyncio.Event()

    async def last(self, *also: Awaitable[None]) -> None:
        """Until quit() is called."""
        works = [asyncio.ensure_future(work) for work in (self.watch(), self.take_calls(), *also)]
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait([over, *works], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for work in (over, *works):
                work.cancel()
            ended = await asyncio.gather(over, *works, return_exceptions=True)
        for fault in ended:
            if isinstance(fault, Exception):
                raise fault

    def quit(self) -> None:
        self._over.set()

    # the seat
    async def sit_down(self) -> None:
        """Be ready, or go on with a break; who sits here already, in another terminal or a browser, is spoken
        of."""
        try:
            if (await self.desk.show()).state != "offline":
                self.screen.line(TAKEN, "desk")
        except (Away, NotPossible):
            pass  # said when it is asked to be ready
        await self.ask("sit-down")
        if self.seat and self.seat.state == "paused":
            self.screen.line("still paused: r is ready again", "desk")

    async def watch(self) -> None:
        """Say what changes at the seat, and when the hotline is away and back, until there is no seat."""
        while True:
            try:
                self.show(await self.desk.show())
            except Away as why:
                self.missing(str(why))
            except NotPossible as why:
                self.lose(str(why))
                if self.line is None:  # a talk in hand goes on to its end
                    return
            self.connection(self.phone.connected)
            await asyncio.sleep(LOOK)

    def lose(self, why: str) -> None:
        """The agent is in agents.yml no more: said once."""
        if not self.lost:
            self.screen.line(why, "desk")
        self.lost, self.seat = True, None

    async def ask(self, action: str, **more: str) -> bool:
        """Ask something of the desk; False, and said why, when that is not possible now."""
        try:
            self.show(await self.desk.do(action, **more))
        except Away as why:
            self.missing(str(why))
            return False
        except NotPossible as why:
            self.screen.line(str(why), "desk")
            return False
        return True

    def show(self, seat: Seat) -> None:
        if self._away:
            self._away = False
            self.screen.line("the hotline is back", "desk")
        quiet = self.seat and replace(self.seat, reason=None)
        if seat not in (self.seat, quiet):  # that a reason is told no more is no news
            self.screen.line(described(seat), "seat")
        self.seat = seat

    def missing(self, why: str) -> None:
        if not self._away:
            self._away = True
            self.screen.line(f"the hotline does not answer ({why}); trying again", "desk")

    # the telephone
    def connection(self, there: bool) -> None:
        if there != self._connected:
            self._connected = there
            said = "your telephone is connected again" if there else "the carrier is away; connecting again"
            self.screen.line(said, "call")

    async def take_calls(self) -> None:
        while True:
            try:
                self.line = await self.phone.rings(LONG)
            except NobodyRang:
                continue
            self.screen.line("your telephone rings: a accepts, d declines", "call")
            await Ear(self.line, self.screen).listen()
            self.screen.line(f"this call is over ({self.line.status})", "call")
            self.line = None

    async def accept(self) -> None:
        if self.line is None:
            self.screen.line("nobody is calling", "call")
            return
        await self.line.answer()
        if self._presses_to_accept:
            with suppress(DidNotHear):  # the call was over before the question was asked
                await self.line.hears("")  # whatever is said first asks whether the call is taken
                await self.line.press("1")

    # the keys
    async def obey(self, keys: Keys) -> None:
        while True:
            key = await keys.next()
            if key != END:
                await self.press(key)
            elif not keys.piped:
                self.quit()

    async def press(self, key: str) -> None:
        """What an agent does by this key; what the telephone cannot do now is said."""
        try:
            await self._do(key)
        except ConnectionError:
            self.connection(False)

    async def _do(self, key: str) -> None:
        choosing, self._choosing = self._choosing, False
        reasons = self._reasons()
        if key == "q":
            self.quit()
        elif choosing and key in reasons:
            await self.ask("pause", reason=reasons[key])
        elif key == "p" and len(reasons) > 1 and not choosing:
            self._choosing = True
            named = "  ".join(f"{number} {name}" for number, name in reasons.items())
            self.screen.line(f"why? {named}  p the first", "seat")
        elif key in ASKED:
            await self.ask(ASKED[key])
        elif key == "a":
            await self.accept()
        elif key == "d" and self.line:
            await self.line.decline()
        elif key == "h":
            await self.hang_up()
        elif key == "o":
            await self.ask("unhold" if self.seat and self.seat.talk and self.seat.talk["held"] else "hold")
        elif key.startswith(SPEAK):
            await self._speak(key.removeprefix(SPEAK))
        elif key in PHONE_KEYS and self.line:
            await self.line.press(key)
        else:
            self.screen.line(HELP, "keys")

    def _reasons(self) -> dict[str, str]:
        """Why the agent may pause, by the key for it."""
        return {f"{number}": name for number, name in enumerate(self.seat.reasons if self.seat else (), 1)}

    async def hang_up(self) -> None:
        """The talk for both; a call that only rings, or is no talk yet, for this telephone."""
        if self.seat and self.seat.talk and self.seat.talk["connected"]:
            await self.ask("hang-up")
        elif self.line:
            await self.line.hang_up()

    async def _speak(self, words: str) -> None:
        if self.line is None:
            self.screen.line("there is nobody to speak to", "call")
            return
        self.screen.line(f"“{words}”", "you")
        await self.line.speak(words)


def described(seat: Seat) -> str:
    """A seat in one line."""
    said = (
        _state(seat)
        + (f" ({TOLD.get(seat.reason, seat.reason)})" if seat.reason else "")
        + (f", then {seat.then}" if seat.then else "")
    )
    if seat.talk is None:
        return said
    talk = seat.talk
    held = ", on hold" if talk["held"] else ""
    beside = _beside(talk["role"], talk["other"]) if talk.get("other") else ""
    what = "call back " if talk.get("call_back") else ""
    return f"{said}: {what}{talk['caller']} in {talk['language']}, ticket {talk['ticket']}{held}{beside}"


def _state(seat: Seat) -> str:
    """The state, and what is awaited by an agent who has accepted."""
    talk = seat.talk or {}
    if not talk.get("accepted") or (talk["connected"] and not talk.get("notice")):
        return seat.state
    if (talk.get("other") or {}).get("state") == "offered":
        return "accepted, waiting for the other"
    return "dialling" if talk.get("call_back") and not talk["connected"] else "connecting"


def _beside(role: str, other: dict[str, str]) -> str:
    """Who the other of agent and interpreter is, and whether there by now."""
    who = f"interpreting: {other['label']}" if role == "agent" else f"you interpret for {other['label']}"
    return f"; {who}{OTHER.get(other['state'], '')}"
