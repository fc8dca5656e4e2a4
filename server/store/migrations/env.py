"""Alembic's environment: the caller gives the connection and owns the transaction."""

from alembic import context

from server.store import identity_tables  # the tables declare themselves when imported

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=identity_tables.consents.metadata, compare_type=True, render_as_batch=False
)
context.run_migrations()
