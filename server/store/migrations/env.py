"""Alembic's environment: the caller gives the connection and owns the transaction."""

from alembic import context

from server.store.identity_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=False)
context.run_migrations()
