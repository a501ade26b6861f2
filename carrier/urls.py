"""URLs as apps write them: joined without ever failing, and with what is illegal in them encoded."""

import re
from urllib.parse import quote, urljoin

ILLEGAL = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
HOST = re.compile(r"[a-z]+://[^/?#]*", re.IGNORECASE)


def absolute(base: str, url: str) -> str:
    """`url` as a document at `base` means it. One that makes no sense stays as it is: asking it fails."""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def is_relative(url: str) -> bool:
    """Whether it means something only within a document that has an address."""
    return SCHEME.match(url) is None


def encoded(url: str) -> str:
    """`url` as it goes over the network, and is signed; everything legal in it stays as it was written."""
    host = HOST.match(url)
    start = host.end() if host else 0
    return url[:start] + ILLEGAL.sub(lambda found: quote(found[0]), url[start:])
