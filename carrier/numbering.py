"""The carrier's own numbers, and the webhooks behind them."""

from dataclasses import fields

from carrier.core import Core, tidy
from carrier.dialling import own_number
from carrier.ids import new_sid
from carrier.model import CarrierError, Number

SETTINGS = {one.name for one in fields(Number)} - {"sid", "account_sid", "date_created", "date_updated"}


class Numbering(Core):
    """The part of the exchange that keeps numbers."""

    def add_number(self, phone_number: str, **settings: str | bool) -> Number:
        """Settings are the fields of `Number` (voice_url, voice_method, status_callback ...)."""
        if own_number(self.whole, phone_number) is not None:
            raise CarrierError(400, 21422, f"PhoneNumber {phone_number} is not available")
        now = self.clock.now()
        number = Number(new_sid("PN"), self.account.sid, tidy(phone_number), now, now)
        _set(number, settings)
        self.numbers[number.sid] = number
        return number

    def update_number(self, number_sid: str, **settings: str | bool) -> Number:
        number = self._number(number_sid)
        _set(number, settings)
        number.date_updated = self.clock.now()
        return number

    def remove_number(self, number_sid: str) -> None:
        """Calls that it has brought go on."""
        self._number(number_sid)
        del self.numbers[number_sid]

    def _number(self, number_sid: str) -> Number:
        found = self.numbers.get(number_sid)
        if found is None:
            why = f"The requested resource /IncomingPhoneNumbers/{number_sid} was not found"
            raise CarrierError(404, 20404, why)
        return found


def _set(number: Number, settings: dict[str, str | bool]) -> None:
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise TypeError(f"a number has no {', '.join(sorted(unknown))}")
    for name, value in settings.items():
        setattr(number, name, value)
