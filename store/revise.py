"""For developers: `python -m store.revise "words"` writes the migration that store/tables.py has become due.

The file is a draft: read it, and mend what Alembic cannot see (renames, checks, data, `priority DESC`).
"""

import sys
import tempfile

from alembic import command

from store.engine import Store
from store.migrate import MIGRATIONS, alembic_config


def main(words: str) -> None:
    """Compare the tables with a scratch database that has every migration so far."""
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
    if len(sys.argv) < 2:
        sys.exit('say what changes: python -m store.revise "tickets know their unit"')
    main(" ".join(sys.argv[1:]))
