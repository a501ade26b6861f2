"""Calls in, and calls out: how a leg begins."""

from typing import TYPE_CHECKING

from carrier.core import tidy
from carrier.leg import Leg
from carrier.model import Call, Number, Request
from carrier.script import run_call
from carrier.sounds import Handset

if TYPE_CHECKING:
    from carrier.exchange import Exchange

RING_BUFFER = 5
"""Seconds that a telephone rings on after its timeout, as Twilio lets it."""
MOST_HOPS = 10
"""Of the carrier's own numbers that a call may come through; numbers that dial each other stop there."""


def incoming(exchange: "Exchange", handset: Handset, number: Number, from_: str, hops: int = 0) -> Leg:
    """Somebody dials one of the carrier's numbers: its webhook says what happens."""
    leg = exchange.new_leg(from_=from_, to=number.phone_number, direction="inbound", number=number)
    leg.handset, leg.hops = handset, hops
    leg.call.status = "ringing"
    leg.fallback = number.fallback
    leg.begin(run_call(leg, Request(number.voice_url, number.voice_method)))
    return leg


async def ring(leg: Leg, seconds: float) -> bool:
    """Ring the telephone at the call's address; whether somebody answered. If not, the call has ended."""
    leg.report("initiated")
    telephone = leg.exchange.telephone(leg.call.to)
    if telephone is None or leg.hops > MOST_HOPS:
        leg.end("failed")
        return False
    leg.handset = telephone.rings(leg)
    leg.move("ringing")
    answered = await leg.picked_up.get(within=seconds + RING_BUFFER)
    if answered is None:
        leg.end("no-answer")
    return leg.call.live


async def place(leg: Leg, first: Request | str, seconds: float, send_digits: str) -> None:
    """Ring out, and run a document when somebody answers."""
    if not await ring(leg, seconds):
        return
    await leg.exchange.medium.keys(leg, send_digits)
    await run_call(leg, first)


def own_number(exchange: "Exchange", address: str) -> Number | None:
    """The carrier's own number that is written so, if it is one."""
    wanted = tidy(address)
    return next((one for one in exchange.numbers.values() if one.phone_number == wanted), None)


def cancel(call: Call) -> str:
    """What a call is that somebody else ends: a talk is completed, a ring is canceled."""
    return "completed" if call.status == "in-progress" else "canceled"
