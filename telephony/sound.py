"""The sound of a recording as the carrier gives it, piece by piece: a talk need not fit into memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import requests
import structlog

log = structlog.get_logger()
PIECE = 64 * 1024  # bytes


@dataclass(frozen=True)
class Sound:
    """An answer of the carrier's: `status` is 206 for a part, 416 for one that there is not."""

    answer: requests.Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self.answer.headers

    @property
    def pieces(self) -> Iterator[bytes]:
        """The bytes as they come. Should the carrier break off, so do they, and the browser asks again."""
        try:
            yield from self.answer.iter_content(PIECE)
        except requests.RequestException as error:
            log.warning("a recording broke off", error=type(error).__name__)

    def close(self) -> None:
        """Let the connection go, also when nobody has heard it to the end."""
        self.answer.close()
