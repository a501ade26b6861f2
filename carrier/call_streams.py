"""Streams that let an app listen to a call: begun by <Start> or by REST, ended by both, or with the call."""

from carrier.core import Core
from carrier.leg import Leg
from carrier.model import CarrierError
from carrier.streaming import Order, Stream


class NameTaken(Exception):
    """A stream of that name is running already on the call."""


def begin_stream(leg: Leg, order: Order) -> Stream:
    """Let the app hear the call from now on. Raises NameTaken."""
    if order.name in leg.streams and not leg.streams[order.name].over:
        raise NameTaken(f"a stream named {order.name[:40]!r} is running already")
    stream = Stream(leg, order)
    leg.streams[order.name or stream.sid] = stream
    leg.watch(stream.stop)
    return stream


class CallStreams(Core):
    """The part of the exchange that streams what is said on calls."""

    def start_stream(self, call_sid: str, order: Order) -> Stream:
        """Stream a call from now on. Raises CarrierError for one that isn't in progress."""
        call, leg = self.whole.find_call(call_sid), self.legs.get(call_sid)
        if leg is None or call.status != "in-progress":
            raise CarrierError(400, 21220, f"Call {call_sid} can't be streamed: it is {call.status}")
        try:
            return begin_stream(leg, order)
        except NameTaken as taken:
            raise CarrierError(400, 20001, f"Name: {taken}") from None

    def stop_stream(self, call_sid: str, key: str) -> Stream:
        """Stop a call's stream, by SID or by name."""
        self.whole.find_call(call_sid)
        streams = self.legs[call_sid].streams if call_sid in self.legs else {}
        for name, stream in streams.items():
            if key in (name, stream.sid):
                stream.stop()
                return streams.pop(name)
        raise CarrierError(404, 20404, f"The requested resource /Streams/{key} was not found")
