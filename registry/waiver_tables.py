"""The table of waivers.

Change it here and in a new revision under migrations/versions; a test compares the two.
Keep out: queries (waivers.py).
"""

from __future__ import annotations

import sqlalchemy as sa

from registry.tables import Instant, metadata

waivers = sa.Table(
    "waivers",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("resource", sa.String, nullable=False, index=True),
    sa.Column("rule", sa.String, nullable=False),
    sa.Column("delivery_id", sa.String, nullable=True),
    sa.Column("valid_from", sa.Date, nullable=True),
    sa.Column("valid_until", sa.Date, nullable=True),
    sa.Column("officer", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
