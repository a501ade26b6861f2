"""How the commands of this folder reach the running hotline and its carrier."""

from dataclasses import dataclass

from carrier.phone import Line, Phone
from settings.secrets import Secrets, read_secrets, variable_folder
from terminal.refusal import Refusal, said_plainly
from terminal.running import Running, the_running

SEE = "see what the terminal of make run says of the carrier"


@dataclass(frozen=True)
class Reach:
    """The running hotline, the carrier it runs on, and the secrets that open both."""

    running: Running
    carrier: str
    secrets: Secrets

    async def phone(self, address: str | None = None) -> Phone:
        """A telephone at the local carrier, at `address` or one that only calls."""
        try:
            return await Phone.connect(
                self.carrier, self.secrets.account_sid, self.secrets.auth_token, address
            )
        except ConnectionError as away:
            raise Refusal(str(away), SEE) from None

    async def dial(self, phone: Phone, to: str, caller: str | None) -> Line:
        try:
            return await phone.dial(to, caller)
        except ConnectionError as away:
            raise Refusal(str(away), SEE) from None


def reach() -> Reach:
    """The hotline that runs on this folder, or the refusal that says how to start it."""
    running = the_running(variable_folder())
    if running.carrier is None:
        raise Refusal(
            "this hotline runs on Twilio, which telephones in a terminal cannot call",
            f"call {running.number} from any telephone; carrier: local in config/hotline.yml is for trying",
        )
    with said_plainly():
        return Reach(running, running.carrier, read_secrets())
