"""What `hotline run` starts, and where: taken from config/, the secrets and the options."""

import errno
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from settings.hotline import Hotline, web_port
from settings.secrets import Secrets, config_folder, read_secrets
from settings.started import handed_down
from telephony.links import Links
from terminal.ports import free, holder
from terminal.refusal import Refusal
from terminal.supervisor import Part

BACKLOG = 1024  # requests that wait while no web process lives
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - only compared with


@dataclass(frozen=True)
class Plan:
    """The parts of a hotline. Both programs that listen do so on `host`."""

    hotline: Hotline
    secrets: Secrets
    host: str
    workers: int
    var: Path

    @classmethod
    def of_this_folder(cls, host: str, workers: int, var: Path) -> "Plan":
        """From config/ and var/; ConfigRefused and SecretsUnusable when they are not right.

        The configuration is kept: parts that start later, while config/ is broken, start with it.
        """
        from switchboard.setup import kept_setup

        return cls(kept_setup().load(config_folder()).config.hotline, read_secrets(), host, workers, var)

    @property
    def links(self) -> Links:
        return Links(self.hotline.public_url)

    @property
    def local(self) -> bool:
        """Whether the carrier is one of the parts."""
        return self.hotline.carrier == "local"

    @property
    def web_port(self) -> int:
        return int(os.environ.get("HOTLINE_WEB_PORT") or web_port(self.hotline.public_url))

    @property
    def carrier_port(self) -> int:
        return urlsplit(self.hotline.carrier_url).port or 80

    @property
    def here(self) -> str:
        """The host under which this machine reaches its own parts."""
        return "127.0.0.1" if self.host in EVERY_ADDRESS else self.host

    @property
    def web(self) -> str:
        """Where this machine reaches the web side."""
        return f"http://{self.here}:{self.web_port}"

    @property
    def webs(self) -> list[str]:
        """The web processes share one socket: when one dies, the others go on answering the carrier."""
        return [f"web-{number}" for number in range(1, self.workers + 1)]

    @property
    def health(self) -> dict[str, str]:
        """Where each part that can be asked says that it is well."""
        found = dict.fromkeys(self.webs, f"{self.web}/health")
        if self.local:
            found["carrier"] = f"http://{self.here}:{self.carrier_port}/health"
        return found

    def listener(self) -> socket.socket:
        """Where the web processes take their requests from. Kept open, it keeps requests while none lives."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            listener = socket.create_server((self.host, self.web_port), family=family, backlog=BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refusal(
                    f"cannot listen on {self.host} port {self.web_port}: {error.strerror}",
                    "name an address of this machine: --host, and a port that this user may open: --web-port",
                ) from None
            raise _taken("web", self.web_port, "--web-port") from None
        listener.setblocking(False)
        return listener

    def parts(self, listener: socket.socket) -> list[Part]:
        handle = listener.fileno()
        listen = ("--host", self.host, "--port", str(self.web_port), "--handle", str(handle))
        started = handed_down(self.hotline)
        webs = [Part(name, ("app", "web", *listen), started, (handle,)) for name in self.webs]
        clock = Part("clock", ("app", "clock"), started)
        return [self._carrier(), *webs, clock] if self.local else [*webs, clock]

    def _carrier(self) -> Part:
        number, links = self.hotline.number, self.links
        arguments = {
            "--number": f"{number}={links.incoming()}",
            "--fallback": f"{number}={links.fallback()}",
            "--status": f"{number}={links.status()}",
            "--public-url": self.hotline.carrier_url,
            "--host": self.host,
            "--port": str(self.carrier_port),
            "--data": str(carrier_data(self.var)),
        }
        account = {
            "CARRIER_ACCOUNT_SID": self.secrets.account_sid,
            "CARRIER_AUTH_TOKEN": self.secrets.auth_token,
        }
        return Part("carrier", ("carrier", *(word for pair in arguments.items() for word in pair)), account)

    def check_account(self) -> None:
        """Refuse to start on Twilio without an account there: every one of its webhooks would be refused."""
        from telephony.doctor import Setup, credentials
        from telephony.wire import TWILIO

        if not self.local:
            settings, secrets = self.hotline, self.secrets
            account = (secrets.account_sid, secrets.auth_token)
            setup = Setup("twilio", TWILIO, settings.public_url, settings.number, *account)
            for wrong in credentials(setup, os.environ):
                raise Refusal(wrong.what, wrong.mend)

    def check_carrier_port(self) -> None:
        """Refuse to start where something else listens already, or the web side is to listen."""
        if self.local and self.web_port == self.carrier_port:
            raise Refusal(
                f"web and carrier are both to listen on port {self.web_port}",
                "choose another port for one of them: --web-port or --carrier-port",
            )
        if self.local and not free(self.host, self.carrier_port):
            raise _taken("carrier", self.carrier_port, "--carrier-port")


def carrier_data(var: Path) -> Path:
    """Where the local carrier keeps recordings, and what was spoken."""
    return var / "carrier"


def _taken(name: str, port: int, option: str) -> Refusal:
    who = holder(port)
    return Refusal(
        f"port {port}, where {name} is to listen, is taken" + (f" by {who}" if who else ""),
        f"stop {who or 'what uses it'}, or choose another port: {option} {port + 100} "
        f'(with make: make run ARGS="{option} {port + 100}")',
    )
