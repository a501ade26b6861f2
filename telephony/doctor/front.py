"""Call at the hotline's own front door, as the carrier would: signed well, signed badly, not signed."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError

from telephony.doctor.finding import Finding, Setup, error, fine
from telephony.links import Links
from telephony.signature import HEADER, Signature
from telephony.wire import LOOPBACK

SECONDS = (5.0, 15.0)  # as patient as the carrier
RUN = "start it with `hotline run`, and let what stands in front pass everything on to it"


@dataclass(frozen=True)
class Front:
    """The webhooks as the carrier meets them. Asks for the hold music, which changes nothing."""

    setup: Setup

    def findings(self) -> Iterator[Finding]:
        if self.setup.twilio and (private := self._unreachable_for_twilio()):
            yield private
            return
        with requests.Session() as session:
            session.trust_env = urlsplit(self.setup.public_url).hostname not in LOOPBACK
            try:
                yield from self._call(session)
            except requests.RequestException as broken:
                yield _broken(broken, self.setup.public_url)

    def _unreachable_for_twilio(self) -> Finding | None:
        parts = urlsplit(self.setup.public_url)
        host = parts.hostname or ""
        if parts.scheme != "https":
            return error(
                f"public_url is {self.setup.public_url}: calls would cross the net in the clear",
                "give the hotline a certificate and write https:// in config/hotline.yml",
            )
        if _private(host):
            return error(
                f"public_url names {host}, which Twilio can't reach from outside",
                "write the public name of the hotline in config/hotline.yml",
            )
        return None

    def _call(self, session: requests.Session) -> Iterator[Finding]:
        url = Links(self.setup.public_url).hold()
        form = {"CallSid": "CA" + "0" * 32, "AccountSid": self.setup.account_sid, "CallStatus": "in-progress"}
        good = Signature(self.setup.auth_token).of(url, {name: [value] for name, value in form.items()})
        answer = self._post(session, url, form, good)
        if fault := _fault(answer, url):
            yield fault
            return
        for header, words in ((good[::-1], "with a wrong signature"), (None, "without a signature")):
            forged = self._post(session, url, form, header)
            if forged.status_code != 403:
                yield error(
                    f"{url} answers a request {words} with {forged.status_code}, not with 403: "
                    "anybody could speak as the carrier",
                    "something in front answers in the hotline's place: pass requests on as they come",
                )
                return
        yield fine(f"{self.setup.public_url} answers, knows this account's signature and refuses any other")

    def _post(
        self, session: requests.Session, url: str, form: dict[str, str], header: str | None
    ) -> requests.Response:
        headers = {HEADER: header} if header else {}
        return session.post(url, data=form, headers=headers, timeout=SECONDS, allow_redirects=False)


def _private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan", ".test"))


def _fault(answer: requests.Response, url: str) -> Finding | None:
    status = answer.status_code
    if status == 200 and "<Response" in answer.text:
        return None
    if status == 200:
        return error(f"{url} answers, but with something else than TwiML", RUN)
    if status == 403:
        return error(
            f"{url} refuses a request that is signed with this account's token",
            "restart the hotline after a change of token or public_url; public_url must be letter by letter "
            "what the carrier asks for, and what stands in front must not change path or query",
        )
    if 300 <= status < 400:
        return error(
            f"{url} redirects to {answer.headers.get('Location', 'elsewhere')}: signatures do not fit there",
            "write the address it leads to as public_url, and set the console to match",
        )
    if status == 404:
        return error(f"{url} is not there (404): another program answers, or only a part is passed on", RUN)
    if status in (502, 503, 504):
        return error(f"something answers in front ({status}), but the hotline behind it does not", RUN)
    return error(f"{url} answers {status}", "look into the hotline's log at this very moment")


def _broken(broken: requests.RequestException, url: str) -> Finding:
    host = urlsplit(url).hostname
    if isinstance(broken, requests.exceptions.SSLError):
        return error(
            f"no trusted TLS at {url}",
            f"serve HTTPS there, with a public authority's certificate for {host} that has not run out, "
            "and its intermediate chain",
        )
    if isinstance(broken, requests.Timeout):
        return error(
            f"{url} does not answer in time", "look for a firewall on the way, or a web process that hangs"
        )
    if _unresolved(broken):
        return error(f"the name {host} does not resolve", "enter it in the DNS, or mend public_url")
    return error(f"nothing answers at {url}", RUN)


def _unresolved(broken: requests.RequestException) -> bool:
    cause = broken.args[0] if broken.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NameResolutionError)
