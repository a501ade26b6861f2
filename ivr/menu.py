"""A whole menu: its nodes by name, the wording that belongs to none of them, and its version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Menu:
    """The menu of a call in progress. `version` names its content: the same source, the same version."""

    nodes: Mapping[str, Any]
    start: str
    version: str

    def source(self) -> dict[str, Any]:
        """The menu as JSON, to be kept for as long as a call uses it."""
        raise NotImplementedError

    @classmethod
    def from_source(cls, source: dict[str, Any]) -> "Menu":
        """The very menu that `source()` was taken of."""
        raise NotImplementedError
