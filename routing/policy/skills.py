"""What calls need and agents can: languages and topics, each with a level from 1 (a little) to 5 (expert).

A `Lane` is everybody who waits for the same, a `Profile` everybody who can the same. There are few of either,
however many callers and agents there are: what is decided once for a lane and a profile holds for them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum

from settings.languages import LANGUAGES

Levels = Mapping[str, int]


@dataclass(frozen=True)
class Lane:
    """Callers who wait for the same, and are served in the order in which they came.

    `wants` is the agent whom the caller is kept for, for the queue's `keep_seconds`.
    """

    queue: str
    language: str
    priority: int = 0
    wants: str | None = None


@dataclass(frozen=True)
class Profile:
    """Agents who can the same. `queues` has the share of each queue they serve, `skills` the level of each
    language and topic; `rarity` tells how much would be missed if they were busy (see `rarities`). Who
    `interprets` may be taken together with an agent who does not speak the caller's language."""

    queues: tuple[tuple[str, float], ...]
    skills: tuple[tuple[str, int], ...]
    rarity: float = field(default=0.0, compare=False)
    interprets: bool = False

    @classmethod
    def of(
        cls, queues: Mapping[str, float], skills: Levels, rarity: float = 0.0, interprets: bool = False
    ) -> "Profile":
        """A profile of these queues and skills, in whatever order they are given."""
        return cls(tuple(sorted(queues.items())), tuple(sorted(skills.items())), rarity, interprets)

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """The share of each queue, as a mapping."""
        return dict(self.queues)

    @cached_property
    def levels(self) -> Levels:
        """The level of each skill, as a mapping."""
        return dict(self.skills)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages among the skills, spoken however well."""
        return frozenset(self.levels) & frozenset(LANGUAGES)

    def has(self, needs: Levels) -> bool:
        """Whether each skill that is needed is there, at its level at least."""
        return all(self.levels.get(skill, 0) >= level for skill, level in needs.items())


def rarities(people: Mapping[str, Levels]) -> dict[str, float]:
    """For each agent the sum of 1/n over their skills, n being how many agents have the skill.

    Who alone speaks Korean has 1 for that; one of forty who speak Chinese has 1/40.
    """
    holders: dict[str, int] = {}
    for skills in people.values():
        for skill in skills:
            holders[skill] = holders.get(skill, 0) + 1
    # Exact, so that the same skills are equally rare in whatever order they are listed.
    return {name: fsum(1 / holders[skill] for skill in skills) for name, skills in people.items()}
