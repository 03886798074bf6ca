"""The tables of what deliveries were judged by: texts by digest, and which delivery by which.

Change a table here and in a new revision under migrations/versions; a test compares the two.
Keep out: queries (basis.py).
"""

from __future__ import annotations

import sqlalchemy as sa

from registry.tables import Instant, metadata

catalog_texts = sa.Table(
    "catalog_texts",
    metadata,
    sa.Column("digest", sa.String, primary_key=True),  # sha256 of the text, hex
    sa.Column("text", sa.LargeBinary, nullable=False),  # zlib of UTF-8
    sa.Column("kept_at", Instant, nullable=False),
)

judged_by = sa.Table(
    "judged_by",
    metadata,
    sa.Column("delivery_id", sa.String, primary_key=True),
    *(
        sa.Column(name, sa.String, sa.ForeignKey("catalog_texts.digest"), nullable=False)
        for name in ("entry", "vocabulary")
    ),
)
