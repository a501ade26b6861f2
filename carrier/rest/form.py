"""The parameters of a request, by Twilio's names.

A parameter that no handler asked for is never refused: `unasked` names it, and the debugger log says so.
"""

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from aiohttp import web
from multidict import MultiDict

from carrier.characters import whole
from carrier.model import CarrierError


class Form(Mapping[str, str]):
    """Reading a name marks it as asked for. A wrong value is refused with Twilio's code for it."""

    def __init__(self, values: MultiDict[str]) -> None:
        self._values = values
        self._asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def pairs(self) -> list[tuple[str, str]]:
        """Everything as it came; reading it here asks for nothing."""
        return list(self._values.items())

    def unasked(self) -> list[str]:
        return sorted(set(self._values) - self._asked)

    def required(self, name: str, code: int = 20001, message: str = "") -> str:
        value = self.get(name, "")
        if not value:
            raise CarrierError(400, code, message or f"Missing required parameter {name} in the post body")
        return value

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a repeated parameter; one value may also hold several words."""
        self._asked.add(name)
        return tuple(word for value in self._values.getall(name, []) for word in value.split())

    def flag(self, name: str) -> bool | None:
        """Anything but `true` counts as false, as Twilio says."""
        value = self.get(name)
        return None if value is None else value.lower() == "true"

    def whole(self, name: str, low: int, high: int, code: int = 20001) -> int | None:
        value = self.get(name, "")
        if not value:
            return None
        digits = value.isascii() and value.isdigit() and len(value) <= len(str(high))
        if not digits or not low <= int(value) <= high:
            raise CarrierError(400, code, f"{name} must be a whole number from {low} to {high}: {value[:40]}")
        return int(value)

    def one_of(self, name: str, known: Collection[str], code: int = 20001) -> str | None:
        value = self.get(name, "")
        if value and value not in known:
            raise CarrierError(400, code, f"{name} must be one of {', '.join(known)}: {value}")
        return value or None

    def method(self, name: str, default: str = "POST") -> str:
        """The HTTP method of a webhook."""
        value = self.get(name, "").upper() or default
        if value not in ("GET", "POST"):
            raise CarrierError(400, 21209, f"{name} must be GET or POST: {value}")
        return value

    def url(self, name: str, code: int = 21205) -> str | None:
        """An absolute http URL; unlike Twilio, this carrier can reach `localhost`."""
        value = self.get(name, "").strip()
        if not value:
            return None
        if not is_url(value):
            raise CarrierError(400, code, f"{name} is not a valid URL: {value}")
        return value


FORM = web.RequestKey("form", Form)


def is_url(text: str) -> bool:
    """Whether it can be asked; a port that is none, half an IPv6 address, or blanks around it can't."""
    try:
        parts = urlsplit(text)
        bare = text == text.strip()
        return bare and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


async def form(request: web.Request) -> Form:
    """The body of a POST, or the query of a GET; the same one however often it is asked for."""
    if FORM in request:
        return request[FORM]
    fields = await _posted(request) if request.method == "POST" else request.query
    pairs = ((name, value) for name, value in fields.items() if isinstance(value, str))
    request[FORM] = made = Form(MultiDict((whole(name), whole(value)) for name, value in pairs))
    return made


async def _posted(request: web.Request) -> Mapping[str, object]:
    """Whatever is wrong with a body is said so: another encoding, cut, packed badly, no form at all."""
    try:
        if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
            raise ValueError(request.charset)
        return await request.post()
    except (ValueError, LookupError, web.RequestPayloadError):
        raise CarrierError(400, 20001, "The body is not a form in UTF-8") from None
