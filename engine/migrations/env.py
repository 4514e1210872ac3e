"""Alembic on the connection that ``schema.migrate`` gives."""

from alembic import context

from engine import db, schema  # noqa: F401  schema knows every table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=db.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
