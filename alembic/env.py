"""Alembic's environment: it runs on the connection that kit.migrations hands over."""

from alembic import context
from salescompass.models import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transactional_ddl=True,
)
context.run_migrations()
