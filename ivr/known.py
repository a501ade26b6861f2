"""What the rest of the configuration offers a menu."""

from dataclasses import dataclass
from pathlib import Path

from settings.config import Config


@dataclass(frozen=True)
class Known:
    """The names that a menu may use, and how many seconds callers may listen before a person is called."""

    languages: tuple[str, ...]  # the first is spoken until another is chosen; none where nobody knows them
    queues: frozenset[str]
    hours: frozenset[str]
    number: str = ""  # the hotline's own, which no call may be handed over to
    folder: Path | None = None  # where recordings are; not looked for without it
    longest: int = 15  # GB/T 33358-2016 gives as long for an answer
    longest_chosen: int = 30  # for those who first have to choose their language

    @classmethod
    def of(cls, config: Config) -> "Known":
        """What `config` holds."""
        return cls(
            config.hotline.languages,
            frozenset(config.queues),
            frozenset(config.calendar.hours),
            config.hotline.number,
            config.folder,
        )
