"""The hotline as one value: what every part of a call's story needs at hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from calls.book import Call
from calls.states import Overtaken
from calls.verbs import Prompt
from ivr.menu import Menu
from routing.outlook import Patience
from routing.rulebook import Rulebook
from settings.config import Config
from store.engine import Store
from store.errors import StoreUnavailable
from switchboard.menus import Menus
from switchboard.prompts import heard
from switchboard.setup import Setup
from telephony.carrier import Carrier
from telephony.links import Links

T = TypeVar("T")

TRIES = 20
# A deadlock or a serialization failure on PostgreSQL: the loser starts over.
START_OVER = ("40P01", "40001")


class Runner(Protocol):
    """What looks for work after a commit: offers to make, carrier commands to send."""

    def kick(self) -> None: ...


@dataclass
class Hotline:
    """One running hotline. `setup()` is the newest configuration that loaded; `now()` is aware UTC."""

    store: Store
    setup: Callable[[], Setup]
    carrier: Carrier
    links: Links
    now: Callable[[], datetime]
    runner: Runner
    menus: Menus = field(default_factory=Menus)
    patience: Patience = field(default_factory=Patience)

    @property
    def config(self) -> Config:
        return self.setup().config

    @property
    def rulebook(self) -> Rulebook:
        return self.setup().rulebook

    def say(self, tx: Connection, call: Call, name: str, **words: object) -> tuple[Prompt, ...]:
        """Wording of no menu node, in the caller's language, from the menu the call started with."""
        return heard(self.menu(tx, call.menu).texts.say(name, call.language, **words), self.links)

    def menu(self, tx: Connection, version: str) -> Menu:
        """The menu that a call started with."""
        return self.menus.of(tx, version, self.setup().menu)

    def queue(self, name: str | None = None) -> str:
        """The queue of this name; the first one where there is none (any more)."""
        queues = self.config.queues
        return name if name and name in queues else next(iter(queues))

    def local(self, moment: datetime) -> datetime:
        """The moment on the hotline's own wall clock."""
        return moment.astimezone(ZoneInfo(self.config.hotline.timezone))

    def decide(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction; where somebody else was first, look again and decide again."""
        for _ in range(TRIES - 1):
            try:
                with self.store.transaction() as tx:
                    return work(tx)
            except (Overtaken, IntegrityError):
                continue
            except StoreUnavailable as error:
                if not _starts_over(error.__cause__):
                    raise
        with self.store.transaction() as tx:
            return work(tx)

    def tell(self, work: Callable[[Connection], T]) -> T:
        """`decide`, and then let the runner see what follows from it."""
        result = self.decide(work)
        self.runner.kick()
        return result


def _starts_over(error: BaseException | None) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in START_OVER
