"""Alembic's way in: migrations run on the connection, and in the transaction, that `store.migrate` opened."""

from alembic import context

from store.migrate import comparable, short_types
from store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=comparable,
    render_item=short_types,
    transactional_ddl=True,  # SQLite can too, since the hotline begins its transactions itself
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
