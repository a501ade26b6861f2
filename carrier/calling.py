"""Calls: placed by telephones and by REST, redirected, ended."""

from carrier.core import Core, tidy
from carrier.detection import Detection
from carrier.dialling import cancel, incoming, own_number, place
from carrier.leg import Leg
from carrier.loopback import Loopback
from carrier.model import Call, Callback, CarrierError, Request, Taping
from carrier.script import run_call
from carrier.sounds import Handset, Telephone

LONGEST_TWIML = 4000


class Calling(Core):
    """The part of the exchange that joins telephones and calls."""

    def register(self, address: str, telephone: Telephone) -> None:
        """From now on `telephone` rings when `address` is called; the last one registered there does. A
        browser whose identity is a number rings when that number is called."""
        self.telephones.setdefault(_place(address), []).append(telephone)

    def unregister(self, address: str, telephone: Telephone) -> None:
        there = self.telephones.get(_place(address), [])
        if telephone in there:
            there.remove(telephone)
        if not there:
            self.telephones.pop(_place(address), None)

    def telephone(self, address: str) -> Telephone | None:
        """Whatever rings at `address`: a telephone, or one of the carrier's own numbers."""
        there = self.telephones.get(_place(address))
        if there:
            return there[-1]
        number = own_number(self.whole, address)
        return Loopback(self.whole, number) if number else None

    def dial(self, handset: Handset, to: str, from_: str) -> Leg:
        """A telephone dials. A number that isn't one of the carrier's own leads nowhere: the call fails."""
        number = own_number(self.whole, to)
        if number is not None:
            return incoming(self.whole, handset, number, tidy(from_))
        leg = self.new_leg(from_=tidy(from_), to=tidy(to), direction="inbound")
        leg.end("failed")
        return leg

    def act(self, call_sid: str, deed: str, words: str = "", language: str = "") -> None:
        """A telephone does something on a call; on one that is over, nothing happens."""
        leg = self.legs.get(call_sid)
        if leg is None:
            return
        match deed:
            case "answer":
                leg.answer(machine=words == "machine")
            case "decline":
                leg.decline()
            case "press":
                leg.press(words)
            case "speak":
                leg.speak(words, language)
            case "hang-up":
                leg.hang_up()

    def find_call(self, call_sid: str) -> Call:
        found = self.calls.get(call_sid)
        if found is None:
            raise CarrierError(404, 20404, f"The requested resource /Calls/{call_sid} was not found")
        return found

    def create_call(
        self,
        *,
        to: str,
        from_: str,
        request: Request | None = None,
        twiml: str | None = None,
        fallback: Request | None = None,
        callback: Callback | None = None,
        timeout: int = 60,
        time_limit: int = 14400,
        send_digits: str = "",
        taping: Taping | None = None,
        detection: Detection | None = None,
        caller_name: str | None = None,
    ) -> Call:
        """Place a call; returns at once with the call queued. Its document runs when it is answered, and
        from then on it is recorded if `taping` says how."""
        first = _document(request, twiml)
        leg = self.new_leg(
            from_=from_, to=tidy(to), direction="outbound-api", callback=callback, caller_name=caller_name
        )
        leg.fallback = fallback
        leg.limit_time(time_limit)
        leg.detection = detection
        if taping is not None:
            self.whole.record_call(leg, "OutboundAPI", taping)
        leg.begin(place(leg, first, timeout, send_digits))
        return leg.call

    def update_call(
        self,
        call_sid: str,
        *,
        status: str | None = None,
        request: Request | None = None,
        twiml: str | None = None,
        fallback: Request | None = None,
        callback: Callback | None = None,
        time_limit: int | None = None,
    ) -> Call:
        """Redirect a live call at once, or end it ("canceled" only before it is answered, "completed")."""
        call = self.find_call(call_sid)
        leg = self.legs.get(call_sid)
        if leg is None:
            raise CarrierError(400, 21220, f"Unable to update record. Call {call_sid} is not in-progress.")
        first = None if request is None and twiml is None else _document(request, twiml)
        if first is not None and call.status != "in-progress" and call.direction != "inbound":
            raise CarrierError(400, 21220, f"Unable to update record. Call {call_sid} is not in-progress.")
        if status == "canceled" and call.status == "in-progress":
            raise CarrierError(400, 21220, f"Unable to cancel. Call {call_sid} is in-progress.")
        leg.fallback = fallback or leg.fallback
        call.callback = callback or call.callback
        if time_limit is not None:
            leg.limit_time(time_limit)
        if status is not None:
            leg.end(cancel(call))
        elif first is not None:
            leg.begin(run_call(leg, first))
        return call


def _place(address: str) -> str:
    """Where telephones are found: +8643188880001 is the same place as client:+8643188880001."""
    number = address.removeprefix("client:")
    return tidy(number if number.startswith("+") else address)


def _document(request: Request | None, twiml: str | None) -> Request | str:
    """The document to run: TwiML itself, or where to ask for it."""
    if twiml is not None and request is not None:
        raise CarrierError(400, 21218, "Url and Twiml exclude each other")
    if twiml is not None:
        if len(twiml) > LONGEST_TWIML:
            raise CarrierError(400, 32018, f"Twiml is longer than {LONGEST_TWIML} characters")
        return twiml
    if request is None:
        raise CarrierError(400, 21205, "Url or Twiml is required")
    return request
