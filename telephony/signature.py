"""Tell a webhook that the carrier signed from one that anybody else sent.

The signature is Twilio's: base64 of the HMAC-SHA1, with the account's auth token, of the public URL
followed by every parameter's name and value, sorted.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"

Params = Mapping[str, list[str]]


class Signature:
    """Signs and checks with one auth token; safe to share between threads."""

    def __init__(self, token: str) -> None:
        self._key = token.encode()
        self._judge = RequestValidator(token)

    def of(self, url: str, params: Params | None = None) -> str:
        """The signature of a form posted to the public `url`; a GET has its parameters in the URL alone."""
        told = url + "".join(name + value for name in sorted(params or {}) for value in _told(params, name))
        return b64encode(hmac.digest(self._key, told.encode(errors="surrogatepass"), "sha1")).decode()

    def matches(self, url: str, params: Params | None, header: str | None, body: bytes | None = None) -> bool:
        """Whether `header` is this account's signature of the request.

        `url` is the configured public one, as the carrier asked for it. A body that is not a form is
        given as `body`, with no `params`; its hash must then be the one in the URL.
        """
        if not header:
            return False
        if body is not None and not _has_hash_of(url, body):
            return False
        signed = hmac.compare_digest(self.of(url, params).encode(), header.encode(errors="surrogatepass"))
        return signed or self._judged(url, params, header)

    def _judged(self, url: str, params: Params | None, header: str) -> bool:
        # Twilio signs with the port at times and without it at others: its own library knows when.
        try:
            return bool(self._judge.validate(url, _Form(params or {}), header))
        except ValueError:  # a port that is no number, a character that has no UTF-8
            return False


def _told(params: Params | None, name: str) -> Sequence[str]:
    values = (params or {})[name]
    return values if len(values) == 1 else sorted(set(values))


def _has_hash_of(url: str, body: bytes) -> bool:
    told = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    return hmac.compare_digest(sha256(body).hexdigest().encode(), told.lower().encode())


class _Form(dict[str, list[str]]):
    """A form in the shape in which the library reads several values of one name."""

    def getlist(self, name: str) -> list[str]:
        return self[name]
