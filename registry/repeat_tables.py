"""The table of deliveries whose keys were looked for in the others of their table.

Change it here and in a new revision under migrations/versions; a test compares the two.
Keep out: queries (repeats.py).
"""

from __future__ import annotations

import sqlalchemy as sa

from registry.tables import metadata

looked_up_keys = sa.Table(
    "looked_up_keys",
    metadata,
    sa.Column("delivery_id", sa.String, primary_key=True),
    sa.Column("others", sa.JSON, nullable=False),  # ids of those that share one, with itself
)
