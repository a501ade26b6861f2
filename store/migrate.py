"""Bring the tables of a database up to the version of this program, with Alembic."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, BigInteger, Column, Connection

from store.errors import StoreTooNew
from store.tables import Moment, metadata

if TYPE_CHECKING:
    from store.engine import Store

MIGRATIONS = Path(__file__).parent / "migrations"

EXPRESSION_INDEXES = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if not all(isinstance(part, Column) for part in index.expressions)
}


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


def comparable(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Alembic cannot compare an index on an expression (`priority DESC`); a developer must."""
    return not (kind == "index" and name in EXPRESSION_INDEXES)


def short_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """How a migration writes our own types, so that it still runs when store/tables.py has long changed."""
    if kind == "type" and isinstance(item, Moment):
        return "MOMENT"
    if kind == "type" and isinstance(item, BigInteger):
        return "ID"
    return False
