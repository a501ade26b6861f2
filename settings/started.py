"""What a hotline stays as while it runs: the carrier knows it by these, and hears of no change.

`hotline run` hands them to its parts in HOTLINE_STARTED, so that one that starts later has them too.
"""

import json
from collections.abc import Mapping

import structlog

from settings.hotline import Hotline

STARTED = "HOTLINE_STARTED"
FIXED = ("number", "carrier", "public_url", "carrier_url")

log = structlog.get_logger(__name__)


def handed_down(hotline: Hotline) -> dict[str, str]:
    """The environment that tells a part what the hotline started as."""
    return {STARTED: json.dumps({name: getattr(hotline, name) for name in FIXED})}


class Started:
    """What `environ` hands down; without it, what the first configuration says that is held."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        handed = environ.get(STARTED)
        self._values: dict[str, str] | None = json.loads(handed) if handed else None

    def hold(self, hotline: Hotline) -> Hotline:
        """The hotline as it started; what would be another after a start is logged."""
        if self._values is None:
            self._values = {name: getattr(hotline, name) for name in FIXED}
        for name, value in self._values.items():
            if getattr(hotline, name) != value:
                log.warning(
                    "takes effect when the hotline is started again",
                    key=name,
                    now=value,
                    then=getattr(hotline, name),
                )
        return hotline.model_copy(update=self._values)
