"""Alembic's way in: runs revisions on the connection that the registry hands over.

Keep out: URLs, settings, and offline mode: a registry migrates itself when opened.
"""

from alembic import context

from registry import (  # noqa: F401 - their tables join the metadata
    basis_tables,
    judgement_tables,
    repeat_tables,
    waiver_tables,
)
from registry.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
