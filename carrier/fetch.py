"""Asking an app's webhooks as Twilio does: signed, with cookies, redirects, timeouts and retries."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import aiohttp
from yarl import URL

from carrier.activity import Activity
from carrier.model import Request
from carrier.trail import Trail
from carrier.urls import absolute, encoded, is_relative

MAX_REDIRECTS = 10
MAX_BODY = 64 * 1024
SOCKET_WITHIN = 5.0
"""Seconds that a WebSocket of the app's is given to open."""
LARGEST_FILE = 32 * 1024 * 1024
"""Bytes of a sound that are fetched at most."""
REDIRECTS = {301, 302, 303, 307}
Pairs = list[tuple[str, str]]


class FetchFailed(Exception):
    """A webhook that couldn't be asked, or gave no usable answer; `code` is Twilio's."""

    def __init__(self, code: int, why: str, url: str, failure: str = "") -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.url = url
        self.failure = failure
        """What `rp` in the URL calls it: ct, rt, 4xx, 5xx, or nothing."""


@dataclass(frozen=True)
class Answer:
    """What a webhook answered; `url` is where the last redirect led."""

    url: str
    status: int
    content_type: str
    charset: str
    body: bytes
    headers: Mapping[str, str]
    cut: bool
    """Whether there was more than is here."""


@dataclass(frozen=True)
class Patience:
    """How long to wait and what to try again, from the URL's fragment; milliseconds there, seconds here."""

    connect: float = 5
    read: float = 15
    total: float = 15
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, fragment: str) -> "Patience":
        """`#ct=2000&rt=5000&tt=9000&rc=2&rp=5xx,rt`; what is out of range or unreadable keeps its default."""
        asked = {name: values[-1] for name, values in parse_qs(fragment).items()}
        return cls(
            connect=_whole(asked.get("ct"), 100, 10_000, 5_000) / 1000,
            read=_whole(asked.get("rt"), 100, 15_000, 15_000) / 1000,
            total=_whole(asked.get("tt"), 100, 15_000, 15_000) / 1000,
            retries=_whole(asked.get("rc"), 0, 5, 1),
            retry_on=frozenset(asked.get("rp", "ct").split(",")),
        )

    def tries_again(self, failure: str) -> bool:
        return bool(failure) and bool(self.retry_on & {failure, "all"})


@dataclass(frozen=True)
class Asking:
    """What stays the same through all tries and redirects of one request."""

    patience: Patience
    pairs: Pairs
    jar: aiohttp.CookieJar
    token: str
    call_sid: str
    most: int


def _whole(text: str | None, least: int, most: int, default: int) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return default
    return int(text) if least <= int(text) <= most else default


def sign(token: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """X-Twilio-Signature: the URL, then every parameter's name and value, sorted, duplicates once."""
    signed = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class Fetcher:
    """Asks webhooks for one account. What is on its way counts as activity, and is noted in `trail`."""

    def __init__(self, token: str, activity: Activity, trail: Trail) -> None:
        self._token = token
        self._activity = activity
        self._trail = trail
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        request: Request,
        params: Mapping[str, str],
        jar: aiohttp.CookieJar,
        call_sid: str = "",
        most: int = MAX_BODY,
    ) -> Answer:
        """The answer to `request`, sent `params`, cut after `most` bytes; it concerns the call `call_sid`.
        Raises FetchFailed."""
        url, _, fragment = request.url.partition("#")
        if not url:
            raise FetchFailed(11100, "there is no URL to ask", url)
        if is_relative(url):
            raise FetchFailed(15004, f"{url!r} is relative, but the TwiML has no address of its own", url)
        patience = Patience.of(fragment)
        pairs = [*params.items(), *request.params.items()]
        asking = Asking(patience, pairs, jar, str(uuid4()), call_sid or params.get("CallSid", ""), most)
        with self._activity.busy():
            try:
                async with asyncio.timeout(patience.total):
                    return await self._try_until(asking, url, request.method)
            except TimeoutError:
                raise FetchFailed(11203, f"no answer within {patience.total:g} s", url) from None

    async def _try_until(self, asking: Asking, url: str, method: str) -> Answer:
        for tries_left in range(asking.patience.retries, -1, -1):
            try:
                return await self._follow(asking, url, method)
            except FetchFailed as failed:
                if not tries_left or not asking.patience.tries_again(failed.failure):
                    raise
        raise AssertionError("the last try returns or raises")

    async def _follow(self, asking: Asking, url: str, method: str) -> Answer:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._send(asking, url, method)
            if not 300 <= answer.status < 400:
                return _checked(answer)
            if answer.status not in REDIRECTS or "Location" not in answer.headers:
                raise FetchFailed(11216, f"HTTP {answer.status} is not a redirect that leads anywhere", url)
            url = absolute(answer.url, answer.headers["Location"]).partition("#")[0]
            method = method if answer.status == 307 else "GET"
        raise FetchFailed(11215, f"more than {MAX_REDIRECTS} redirects", url)

    async def socket(self, url: str, call_sid: str) -> aiohttp.ClientWebSocketResponse:
        """The app's WebSocket at `url`, asked for with a signature. Raises FetchFailed."""
        noted = self._trail.begin("GET", url, [], call_sid)
        headers = {"X-Twilio-Signature": sign(self._token, url, []), "User-Agent": "Twilio.TmeWs/1.0"}
        try:
            if not url.lower().startswith(("ws://", "wss://")):
                raise FetchFailed(31922, "the URL of a stream begins with wss://", url)
            with self._activity.busy():
                async with asyncio.timeout(SOCKET_WITHIN):
                    socket = await self._open().ws_connect(URL(encoded(url), encoded=True), headers=headers)
        except BaseException as trouble:
            failed = _socket_failure(trouble, url)
            self._trail.failed(noted, str(failed))
            raise failed from trouble
        self._trail.answered(noted, 101, "WebSocket", "", b"")
        return socket

    async def _send(self, asking: Asking, url: str, method: str) -> Answer:
        """One request, noted whatever becomes of it."""
        noted = self._trail.begin(method, url, asking.pairs, asking.call_sid)
        try:
            answer = await self._ask_once(asking, url, method)
        except BaseException as trouble:
            self._trail.failed(noted, str(trouble) or "given up: no answer in time")
            raise
        self._trail.answered(noted, answer.status, answer.content_type, answer.charset, answer.body)
        return answer

    async def _ask_once(self, asking: Asking, url: str, method: str) -> Answer:
        try:
            where = URL(_asked(url, method, asking.pairs), encoded=True)
            return await self._exchange(asking, url, where, method)
        except (aiohttp.ClientError, OSError) as trouble:
            raise _failure(trouble, url) from trouble
        except ValueError as trouble:
            raise FetchFailed(11100, f"not a URL that can be asked: {url}: {trouble}", url) from trouble

    async def _exchange(self, asking: Asking, url: str, where: URL, method: str) -> Answer:
        """One request and its answer, which is `url`'s: what a GET appends is not the document's own."""
        signed: Pairs = [] if method == "GET" else asking.pairs
        patience, jar = asking.patience, asking.jar
        headers = {
            "X-Twilio-Signature": sign(self._token, _asked(url, method, asking.pairs), signed),
            "I-Twilio-Idempotency-Token": asking.token,
            "X-Home-Region": "us1",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        cookies = jar.filter_cookies(where).output(header="", sep=";").strip()
        if cookies:
            headers["Cookie"] = cookies
        async with self._open().request(
            method,
            where,
            data=urlencode(signed).encode() if method != "GET" else None,
            headers=headers | ({"Content-Type": FORM} if method != "GET" else {}),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(sock_connect=patience.connect, sock_read=patience.read),
        ) as response:
            jar.update_cookies(response.cookies, where)
            body = bytearray()
            while len(body) <= asking.most and not response.content.at_eof():
                body += await response.content.read(asking.most + 1 - len(body))
            kind, charset, cut = response.content_type, response.charset or "utf-8", len(body) > asking.most
            return Answer(url, response.status, kind, charset, bytes(body), response.headers, cut)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Kept connections die under a request when the app restarts; a new one each time can't.
                connector=aiohttp.TCPConnector(limit=0, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


FORM = "application/x-www-form-urlencoded; charset=utf-8"


def _asked(url: str, method: str, pairs: Pairs) -> str:
    """The URL that goes over the network, and is signed."""
    more = urlencode(pairs) if method == "GET" else ""
    return encoded(url) + (("&" if "?" in url else "?") + more if more else "")


def _checked(answer: Answer) -> Answer:
    if answer.status >= 400:
        family = f"{answer.status // 100}xx"
        raise FetchFailed(11217, f"HTTP {answer.status}", answer.url, family)
    return answer


def _failure(trouble: Exception, url: str) -> FetchFailed:
    """Twilio's code for what went wrong on the way."""
    match trouble:
        case aiohttp.ConnectionTimeoutError():
            return FetchFailed(11201, "the connection timed out", url, "ct")
        case aiohttp.SocketTimeoutError():
            return FetchFailed(11203, "the answer took too long", url, "rt")
        case aiohttp.ClientSSLError():
            return FetchFailed(11220, f"TLS: {trouble}", url)
        case aiohttp.ClientConnectorDNSError():
            return FetchFailed(11210, f"no such host: {trouble}", url, "ct")
        case aiohttp.ClientConnectorError():
            return FetchFailed(11202, f"the connection was refused: {trouble}", url, "ct")
        case aiohttp.InvalidURL():
            return FetchFailed(11100, f"not a URL that can be asked: {url}", url)
        case _:
            return FetchFailed(11200, f"no answer: {trouble or type(trouble).__name__}", url)


def _socket_failure(trouble: BaseException, url: str) -> BaseException:
    """Twilio's code for a media stream's socket that doesn't open."""
    match trouble:
        case FetchFailed() | asyncio.CancelledError():
            return trouble
        case aiohttp.WSServerHandshakeError():
            return FetchFailed(31920, f"the app answered HTTP {trouble.status} instead of 101", url)
        case TimeoutError():
            return FetchFailed(31901, f"the app's socket did not open within {SOCKET_WITHIN:g} s", url)
        case aiohttp.ClientSSLError():
            return FetchFailed(31910, f"TLS: {trouble}", url)
        case aiohttp.ClientConnectorError():
            return FetchFailed(31902, f"the connection was refused: {trouble}", url)
        case ValueError():
            return FetchFailed(31923, f"not a URL that can be opened: {url}: {trouble}", url)
        case _:
            return FetchFailed(31920, f"no WebSocket there: {trouble or type(trouble).__name__}", url)
