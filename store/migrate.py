"""Bring the tables of a database up to the version of this program, with Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection

from store.errors import StoreTooNew

if TYPE_CHECKING:
    from store.engine import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: "Store") -> None:
    """Run what is missing, in one transaction, while every other process waits."""
    store.database.create()
    config = alembic_config()
    with store.database.turn(), store.database.writer.begin() as tx:
        store.database.lock_for_migration(tx)
        if _behind(tx, config, store.url):
            config.attributes["connection"] = tx
            command.upgrade(config, "head")


def alembic_config() -> Config:
    """Alembic's settings, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _behind(tx: Connection, config: Config, url: URL) -> bool:
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    head = script.get_current_head()
    now = MigrationContext.configure(tx).get_current_revision()
    if now is not None and now not in known:
        raise StoreTooNew(url, now, str(head))
    return now != head
