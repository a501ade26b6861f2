"""A whole menu: its nodes by name, the wording that belongs to none of them, and its version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ivr.nodes import KEYS, KINDS, Node
from ivr.prompt import Prompt
from ivr.texts import Texts

Source = dict[str, Any]


@dataclass(frozen=True)
class Menu:
    """The menu of a call in progress. `version` names its content: the same source, the same version."""

    nodes: Mapping[str, Node]
    start: str
    texts: Texts
    version: str
    kept: Source = field(repr=False, compare=False)

    def source(self) -> Source:
        """The menu as JSON, to be kept for as long as a call uses it."""
        return self.kept

    @classmethod
    def from_source(cls, source: Source) -> "Menu":
        """The very menu that `source()` was taken of; pydantic.ValidationError where it is none."""
        nodes = {name: KINDS[kind_of(node)].model_validate(node) for name, node in source["nodes"].items()}
        texts = {name: Prompt.model_validate(text) for name, text in source["texts"].items()}
        return cls(nodes, source["start"], Texts(texts), version_of(source), source)


def version_of(source: Source) -> str:
    """The SHA-256 of the source. Its order counts: languages are spoken in the order they are written in."""
    canonical = json.dumps(source, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def kinds_of(node: Mapping[str, Any]) -> list[str]:
    """The kinds that the keys of a node name: one if all is well. `say` names one only by itself."""
    kinds = [kind for key, kind in KEYS.items() if key in node]
    return [kind for kind in kinds if kind != "say"] or kinds


def kind_of(node: Mapping[str, Any]) -> str:
    """The kind of a node that is known to have just one."""
    [kind] = kinds_of(node)
    return kind
