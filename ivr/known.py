"""What the rest of the configuration offers a menu."""

from dataclasses import dataclass
from pathlib import Path

from settings.config import Config


@dataclass(frozen=True)
class Known:
    """The names that a menu may use, and how many seconds a caller may listen before a person is called."""

    languages: tuple[str, ...]  # the first is spoken until another is chosen
    queues: frozenset[str]
    hours: frozenset[str]
    folder: Path | None = None  # where recordings are; not looked for without it
    longest: int = 15  # seconds; what GB/T 33358-2016 gives for an answer

    @classmethod
    def of(cls, config: Config) -> "Known":
        """What `config` holds."""
        return cls(
            config.hotline.languages,
            frozenset(config.queues),
            frozenset(config.calendar.hours),
            config.folder,
        )
