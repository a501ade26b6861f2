"""The doctor's questions to the carrier's REST API."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from telephony.doctor.finding import Setup
from telephony.wire import TWILIO, Unreachable, Wire


class Told(NamedTuple):
    status: int
    body: dict[str, Any]
    date: str


@dataclass(frozen=True)
class Api:
    """Asks in the account's name."""

    setup: Setup
    wire: Wire

    def ask(self, path: str = "", query: dict[str, str] | None = None) -> Told:
        """What is at `path` below the account; Unreachable when nobody, or somebody else, answers."""
        url = f"{TWILIO}/2010-04-01/Accounts/{self.setup.account_sid}{path}.json"
        auth = (self.setup.account_sid, self.setup.auth_token)
        answer = self.wire.request("GET", url, params=query, auth=auth)
        try:
            body = json.loads(answer.text)
        except ValueError:
            raise Unreachable(f"what answers at {self.wire.base} is not the carrier") from None
        return Told(
            answer.status_code, body if isinstance(body, dict) else {}, answer.headers.get("Date", "")
        )

    def mend(self, on_twilio: str) -> str:
        """The mend on Twilio; the local carrier is set up by the hotline itself."""
        return on_twilio if self.setup.twilio else "start (or restart) everything with `hotline run`"
