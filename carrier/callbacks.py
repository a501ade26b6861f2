"""Status callbacks: one at a time, in the order things happened, each with its sequence number."""

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

import aiohttp

from carrier.fetch import FetchFailed
from carrier.model import Call, Callback, Request
from carrier.times import rfc2822

if TYPE_CHECKING:
    from carrier.exchange import Exchange


class Reports:
    """The callbacks about one call or one conference; those about a recording have no numbers."""

    def __init__(self, exchange: "Exchange", numbered: bool = True) -> None:
        self._exchange = exchange
        self._numbered = numbered
        self._waiting: deque[tuple[Callback, dict[str, str], Call | None]] = deque()
        self._sent = 0
        self._sending = False
        self._jar: aiohttp.CookieJar | None = None

    def send(self, callback: Callback, params: Mapping[str, str], call: Call | None = None) -> None:
        """Report; SequenceNumber counts from 0, Timestamp is now."""
        told = dict(params)
        if self._numbered:
            told["SequenceNumber"] = str(self._sent)
            told["Timestamp"] = rfc2822(self._exchange.clock.now())
            self._sent += 1
        self._waiting.append((callback, told, call))
        if not self._sending:
            self._sending = True
            self._exchange.spawn(self._send_all())

    async def _send_all(self) -> None:
        if self._jar is None:
            self._jar = aiohttp.CookieJar(unsafe=True)
        try:
            with self._exchange.clock.activity.busy():
                while self._waiting:
                    await self._send_one(self._jar, *self._waiting.popleft())
        finally:
            self._sending = False

    async def _send_one(
        self, jar: aiohttp.CookieJar, callback: Callback, params: dict[str, str], call: Call | None
    ) -> None:
        request = Request(callback.url, callback.method)
        try:
            await self._exchange.fetcher.ask(request, params, jar)
        except FetchFailed as failed:
            self._exchange.alert(failed.code, failed.why, call=call, request=request)
