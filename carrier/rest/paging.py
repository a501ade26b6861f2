"""Lists, a page at a time.

A page token names the last item seen, so that a list which grows at its head while somebody pages through it
neither repeats nor skips an item.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from carrier.model import CarrierError
from carrier.rest.answers import answer
from carrier.rest.form import Form

PAGING = ("Page", "PageSize", "PageToken")
LARGEST = 1000
Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list, and how to ask for its neighbours."""

    items: Sequence[Item]
    number: int
    size: int
    first: str
    here: str
    after: str | None
    before: str | None


def page_of(items: Sequence[Item], asked: Form, path: str, sid: Callable[[Item], str]) -> Page[Item]:
    """Cut `items`, already filtered and in order, to the page that `asked` wants."""
    size = asked.whole("PageSize", 1, LARGEST, code=20007) or 50
    number = asked.whole("Page", 0, 10**9) or 0
    token = asked.get("PageToken", "")
    start = _start([sid(item) for item in items], number, size, token)
    shown = items[start : start + size]
    kept = [(name, value) for name, value in asked.pairs() if name not in PAGING]

    def uri(page: int, token: str = "") -> str:
        words = [*kept, ("PageSize", str(size)), ("Page", str(page))]
        return f"{path}?{urlencode([*words, ('PageToken', token)] if token else words)}"

    more = shown and start + size < len(items)
    return Page(
        items=shown,
        number=number,
        size=size,
        first=uri(0),
        here=uri(number, token),
        after=uri(number + 1, "PA" + sid(shown[-1])) if more else None,
        before=uri(max(number - 1, 0), "PB" + sid(shown[0])) if shown and start else None,
    )


def _start(sids: list[str], number: int, size: int, token: str) -> int:
    kind, sid = token[:2], token[2:]
    if sid not in sids:
        return number * size  # no token, or its item is gone: count
    if kind == "PA":
        return sids.index(sid) + 1
    if kind == "PB":
        return max(sids.index(sid) - size, 0)
    raise CarrierError(400, 20001, f"Invalid page token {token}")


def listing(
    request: web.Request,
    asked: Form,
    key: str,
    items: Sequence[Item],
    sid: Callable[[Item], str],
    show: Callable[[Item], Mapping[str, object]],
) -> web.Response:
    """The page of `items` that `request` asks for, under `key`, as the 2010 API writes it."""
    page = page_of(items, asked, request.path, sid)
    start = page.number * page.size
    return answer(
        {
            "first_page_uri": page.first,
            "end": start + max(len(page.items) - 1, 0),
            "previous_page_uri": page.before,
            key: [show(item) for item in page.items],
            "uri": page.here,
            "page_size": page.size,
            "start": start,
            "next_page_uri": page.after,
            "page": page.number,
        }
    )
