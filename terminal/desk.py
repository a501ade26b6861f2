"""A seat, as the web side keeps it: what it shows, and what an agent asks of it."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from web import seat_token

PATIENCE = ClientTimeout(total=5)


class Away(Exception):
    """The hotline does not answer just now; asking again later may do."""


class NotPossible(Exception):
    """The hotline answered that there is no such thing to do; the message says why."""


@dataclass(frozen=True)
class Seat:
    """How the seat stands. `talk` is the call in hand or offered, with ticket, caller, language and held;
    `reasons` are the names of those for which the agent may pause."""

    state: str
    reason: str | None
    then: str | None
    talk: dict[str, Any] | None
    reasons: tuple[str, ...] = ()


class Desk:
    """The desk of `agent` at the hotline that serves `web`."""

    def __init__(self, web: str, secret: str, agent: str) -> None:
        self._url = f"{web}/seat/{agent}"
        self._secret = secret
        self._agent = agent
        self._session = ClientSession(timeout=PATIENCE)

    async def close(self) -> None:
        await self._session.close()

    async def show(self) -> Seat:
        return await self._ask("GET", self._url)

    async def do(self, action: str, **more: str) -> Seat:
        """sit-down, ready, pause (reason), offline, hang-up, hold, unhold or wrap-up-done; the seat
        afterwards."""
        return await self._ask("POST", f"{self._url}/{action}", more)

    async def _ask(self, method: str, url: str, body: dict[str, str] | None = None) -> Seat:
        token = seat_token.issue(self._secret, self._agent)  # a new one each time: no shift is too long
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self._session.request(method, url, json=body, headers=headers) as answer:
                told = await answer.json(content_type=None)
        except (ClientError, OSError, ValueError) as error:
            raise Away(str(error) or type(error).__name__) from None
        if answer.status >= 500 or not isinstance(told, dict):
            raise Away(f"it answered {answer.status}")
        if answer.status >= 400:
            raise NotPossible(str(told.get("error", f"it answered {answer.status}")))
        reasons = tuple(told.get("reasons", ()))
        return Seat(told["state"], told["reason"], told["then"], told["talk"], reasons)
