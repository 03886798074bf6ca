"""Deliveries judged again, what stirs them, and the registry's own name."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = ("records", "accepted", "quarantined", "repeats")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "judged_again",
        sa.Column("verdict_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(n, sa.String(), nullable=False) for n in ("delivery_id", "causes")),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("verdict_before", sa.Integer(), nullable=False),
        sa.Column("status_before", sa.String(), nullable=False),
        *(sa.Column(f"{n}_before", sa.BigInteger(), nullable=False) for n in BEFORE),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_judged_again"),
    )
    op.create_index("ix_judged_again_delivery_id", "judged_again", ["delivery_id"])
    op.create_table(
        "stirred",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("itself", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_stirred"),
    )
    op.create_table(
        "registry_identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_identity"),
    )


def downgrade() -> None:
    """Drop them: what was judged again stays as it was judged last."""
    op.drop_table("registry_identity")
    op.drop_table("stirred")
    op.drop_table("judged_again")
