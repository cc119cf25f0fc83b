"""Run by Alembic, on the connection that `upgrade` hands over."""

from alembic import context

from ocrchat.db.schema import Base

connection = context.config.attributes["connection"]
# Batches rewrite SQLite's tables where it cannot alter them; PostgreSQL alters in place.
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
# The transaction is the caller's: all revisions come, or none.
context.run_migrations()
