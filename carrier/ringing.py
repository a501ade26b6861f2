"""<Dial> to telephones: they ring, whoever is through first talks, the others stop ringing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carrier.box import Box
from carrier.bridge import Bridge
from carrier.core import tidy
from carrier.dialling import cancel, ring
from carrier.leg import Leg
from carrier.model import RECORDING_EVENTS, TRACKS, TRIM, Recording, Taping
from carrier.nouns import read_callback
from carrier.registry import Ending, Target

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

MOST_TARGETS = 10
RECORD = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
    "true",
    "false",
)


@dataclass
class Talk:
    """How a <Dial> goes, as its action is told."""

    status: str = "canceled"
    """DialCallStatus; canceled is right until something happens: the caller has hung up meanwhile."""
    call_sid: str = ""
    since: datetime | None = None
    until: datetime | None = None
    bridged: bool | None = None
    recording_url: str = ""
    done: bool = False

    def params(self, now: datetime) -> dict[str, str]:
        params = {"DialCallStatus": self.status}
        if self.call_sid:
            params["DialCallSid"] = self.call_sid
        if self.since is not None:
            params["DialCallDuration"] = str(int(((self.until or now) - self.since).total_seconds()))
        if self.bridged is not None:
            params["DialBridged"] = "true" if self.bridged else "false"
        if self.recording_url:
            params["RecordingUrl"] = self.recording_url
        return params


@dataclass
class Ringing:
    """One of the telephones that ring."""

    leg: Leg
    bridge: Bridge
    through: bool = False
    """Whether it has answered and heard its whisper."""


async def ring_targets(script: "Script", dial: "Tag", targets: list[Target], talk: Talk) -> None:
    """Ring them, all at once or one after the other, and let the first who is through talk with the call."""
    if not targets:
        talk.status = "failed"
        return
    one_by_one = dial.truth("sequential", False)
    if len(targets) > MOST_TARGETS:
        dial.complaints.append(f"<Dial> rings {MOST_TARGETS} at most; the others of its {len(targets)} don't")
    targets = targets[:MOST_TARGETS]
    with recorded(script, dial, talk) as record:
        if dial.choice("record", RECORD, RECORD[0]).startswith("record-from-ringing"):
            record()
        for together in [[target] for target in targets] if one_by_one else [targets]:
            if await _rings(script, dial, together, talk, record):
                return


async def _rings(
    script: "Script", dial: "Tag", targets: list[Target], talk: Talk, record: Callable[[], None]
) -> bool:
    """Whether one of them talked with the call."""
    news: Box[Ringing] = Box(script.exchange.clock)
    all_ringing = [_begin(script, dial, target, news) for target in targets]

    def stop() -> None:
        for one in all_ringing:
            one.leg.end(cancel(one.leg.call))

    with script.leg.staying(stop):
        tone = script.exchange.spawn(script.exchange.medium.ring(script.leg))
        try:
            winner = await _first_through(news, all_ringing, talk)
        finally:
            tone.cancel()
        if winner is not None:
            for one in all_ringing:
                if one is not winner:
                    one.leg.end(cancel(one.leg.call))
            winner.bridge.when_together(record)
            await _bridge(script, dial, winner, talk)
    return winner is not None


def _begin(script: "Script", dial: "Tag", target: Target, news: Box[Ringing]) -> Ringing:
    exchange, caller = script.exchange, script.leg.call
    leg = exchange.new_leg(
        from_=dial.word("callerId") or (caller.to if caller.direction != "inbound" else caller.from_),
        to=tidy(target.address),
        direction="outbound-dial",
        parent_sid=caller.sid,
        callback=target.callback,
        caller_name=caller.caller_name,
    )
    leg.hops, leg.parameters = script.leg.hops, target.parameters
    leg.detection = target.detection
    ringing = Ringing(leg, Bridge(exchange.clock))
    leg.watch(lambda: news.put(ringing))
    leg.begin(_ring(script, target, ringing, news, dial.whole("timeout", 30, 5, 600)))
    return ringing


async def _ring(script: "Script", target: Target, ringing: Ringing, news: Box[Ringing], seconds: int) -> None:
    leg = ringing.leg
    if not await ring(leg, seconds):
        return
    await leg.exchange.medium.keys(leg, target.send_digits)
    if target.whisper is not None:
        ending = await script.whisper(leg).run(target.whisper)
        if ending is not Ending.FINISHED:
            leg.end("completed")
            return
    ringing.through = True
    news.put(ringing)
    await ringing.bridge.talk(leg)
    leg.end("completed")


async def _first_through(news: Box[Ringing], ringing: list[Ringing], talk: Talk) -> Ringing | None:
    ended: set[str] = set()
    while len(ended) < len(ringing):
        one = await news.next()
        call = one.leg.call
        talk.call_sid = call.sid
        if call.live:
            return one
        ended.add(call.sid)
        talk.status = call.status
        if call.answer_time is not None:
            talk.bridged, talk.since, talk.until = False, call.answer_time, call.end_time
    return None


async def _bridge(script: "Script", dial: "Tag", winner: Ringing, talk: Talk) -> None:
    leg = script.leg
    leg.move("in-progress")
    talk.status, talk.bridged, talk.since = "completed", True, winner.leg.call.answer_time
    await winner.bridge.talk(leg, dial.whole("timeLimit", 14400, 1), dial.truth("hangupOnStar", False))
    talk.until = script.exchange.clock.now()


@contextmanager
def recorded(script: "Script", dial: "Tag", talk: Talk) -> Iterator[Callable[[], None]]:
    """Yields what begins to record a <Dial>, once, if the app wants that; its end ends the recording."""
    exchange, leg = script.exchange, script.leg
    recordings: list[Recording] = []
    taping = _taping(script, dial)

    def begin() -> None:
        if taping is not None and not recordings:
            recordings.append(exchange.take(leg, "DialVerb", taping))

    def finish() -> None:
        for recording in recordings:
            exchange.end_taking(recording)
            if recording.status == "completed":
                talk.recording_url = exchange.recording_url(recording)

    with leg.staying(finish):
        yield begin


def _taping(script: "Script", dial: "Tag") -> Taping | None:
    mode = dial.choice("record", RECORD, "do-not-record")
    taping = Taping(
        channels=2 if mode.endswith("dual") else 1,
        track=dial.choice("recordingTrack", TRACKS, "both"),
        trim=dial.choice("trim", TRIM, "do-not-trim") == "trim-silence",
        callback=read_callback(script, dial, "recordingStatusCallback", RECORDING_EVENTS),
    )
    return None if mode in ("do-not-record", "false") else taping
