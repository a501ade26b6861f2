"""A menu being read: its nodes so far, and where each stands, so that a problem can name its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ivr.known import Known
from ivr.nodes import Node
from settings.problems import Problem
from settings.yaml import Document


@dataclass
class Draft:
    """What was found in config/menus. `homes` has every node's file, `nodes` those that could be read."""

    known: Known
    start: str = "welcome"
    start_home: Document | None = None  # the file that says `start`
    homes: dict[str, Document] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every node could be read."""
        return self.nodes.keys() == self.homes.keys()

    @property
    def source(self) -> Mapping[str, object]:
        """The nodes as they stand in YAML."""
        return {name: document.data[name] for name, document in self.homes.items()}

    def problem(
        self,
        name: str,
        what: str,
        mend: str,
        *path: str | int,
        level: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A problem with the key at `path` of the node `name`."""
        return self.homes[name].problem(what, mend, name, *path, level=level)
