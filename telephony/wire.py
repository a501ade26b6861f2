"""HTTP to the carrier: timeouts always, connections kept for many threads, and what surely was not sent.

Nothing is logged here: parameters hold telephone numbers.
"""

import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import MaxRetryError, NewConnectionError

TWILIO = "https://api.twilio.com"
CONNECT_SECONDS = 3.05
ANSWER_SECONDS = 10.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Unreachable(Exception):
    """The carrier gave no usable answer: whether it did what was asked is unknown. Look before repeating."""


class NotSent(Unreachable):
    """The carrier certainly did not do it (no connection, or too many requests): safe to repeat."""


class Wire(HttpClient):  # type: ignore[misc]  # the library ships no types
    """Sends what the `twilio` library asks of api.twilio.com to `base` instead."""

    def __init__(
        self, base: str = TWILIO, connections: int = 32, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self.base = base.rstrip("/")
        self.timeouts = (CONNECT_SECONDS, answer_seconds)
        self.session = requests.Session()
        # A proxy from the environment is for the way out, not for a carrier on this machine.
        self.session.trust_env = urlsplit(base).hostname not in LOOPBACK
        for scheme in ("http://", "https://"):
            # More threads than connections only cost a new connection; none waits for another.
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=connections))

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The carrier's answer, whatever its status; raises NotSent or Unreachable when there is none."""
        sent: dict[str, Any] = {"params": params, "data": data, "headers": headers, "auth": auth}
        seconds = self.timeouts if timeout is None else (CONNECT_SECONDS, timeout)
        try:
            answer = self.session.request(
                method, self.here(uri), timeout=seconds, allow_redirects=allow_redirects, **sent
            )
        except requests.RequestException as error:
            raise _without_answer(error, self.base) from error
        answer.encoding = answer.encoding or "utf-8"  # else it would be guessed from the bytes, slowly
        return Response(answer.status_code, answer.text, answer.headers)

    def stream(self, uri: str, auth: tuple[str, str], headers: Mapping[str, str]) -> requests.Response:
        """The answer to a GET whose body has not been read yet; raises NotSent or Unreachable."""
        try:
            return self.session.get(
                self.here(uri), auth=auth, headers=headers, timeout=self.timeouts, stream=True
            )
        except requests.RequestException as error:
            raise _without_answer(error, self.base) from error

    def here(self, uri: str) -> str:
        """The address of `uri` on this carrier."""
        return self.base + uri.removeprefix(TWILIO)


def _without_answer(error: requests.RequestException, base: str) -> Unreachable:
    if _never_connected(error):
        return NotSent(f"there is no connection to {base}")
    return Unreachable(f"{base} gave no answer ({type(error).__name__})")


def _never_connected(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    if not isinstance(cause, MaxRetryError) or cause.reason is None:
        return False
    untrusted = any(isinstance(each, ssl.SSLCertVerificationError) for each in cause.reason.args)
    return untrusted or isinstance(cause.reason, NewConnectionError)
