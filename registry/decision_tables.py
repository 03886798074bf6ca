"""The table of what people decided about identity: two rows are the same, or are not.

Change it here and in a new revision under migrations/versions; a test compares the two.
Keep out: queries (decisions.py), and keys of persons: rows are named by digests.
"""

from __future__ import annotations

import sqlalchemy as sa

from registry.tables import Instant, metadata

identity_decisions = sa.Table(
    "identity_decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(
        sa.Column(name, sa.String, nullable=False)
        for name in ("linkage", "one", "other", "verdict", "by", "reason")
    ),
    sa.Column("at", Instant, nullable=False),
)
