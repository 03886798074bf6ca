"""The tables of judging again: which deliveries were, what waits for it, and whose registry it is.

Change a table here and in a new revision under migrations/versions; a test compares the two.
Keep out: queries (judgements.py, belonging.py).
"""

from __future__ import annotations

import sqlalchemy as sa

from registry.tables import Instant, metadata

BEFORE = ("records", "accepted", "quarantined", "repeats")

judged_again = sa.Table(
    "judged_again",
    metadata,
    sa.Column("verdict_id", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.String, nullable=False) for name in ("delivery_id", "causes")),
    sa.Column("arrivals", sa.Integer, nullable=False),  # that had been written down by then
    # What stood until then: no account is lost when another takes its place.
    sa.Column("verdict_before", sa.Integer, nullable=False),
    sa.Column("status_before", sa.String, nullable=False),
    *(sa.Column(f"{name}_before", sa.BigInteger, nullable=False) for name in BEFORE),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_judged_again_delivery_id", "delivery_id"),
)

stirred = sa.Table(
    "stirred",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    *(sa.Column(name, sa.String, nullable=False) for name in ("delivery_id", "resource")),
    sa.Column("itself", sa.Boolean, nullable=False),  # counts again: to be judged first itself
    sa.Column("verdicts", sa.Integer, nullable=False),  # number of the last one given before
    sqlite_autoincrement=True,
)

registry_identity = sa.Table(
    "registry_identity",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
)
