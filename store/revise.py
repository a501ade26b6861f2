"""For developers: `python -m store.revise "words"` writes the migration that store/tables.py has become due.

The file is a draft: read it, and mend what Alembic cannot see (renames, checks, data).
"""

import sys
import tempfile

from alembic import command
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import types

from store.engine import Store
from store.migrate import MIGRATIONS, alembic_config
from store.tables import Moment


def plain_types(kind: str, item: object, context: AutogenContext) -> str | bool:
    """Migrations stay readable when the classes of store/tables.py have long changed."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, types.BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def main(words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/scratch.db")
        store.migrate()
        config = alembic_config()
        steps = len(list((MIGRATIONS / "versions").glob("v*.py")))
        with store.transaction() as tx:
            config.attributes["connection"] = tx
            command.revision(config, words, autogenerate=True, rev_id=f"v{steps + 1:04d}")
        store.dispose()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "say what changes")
