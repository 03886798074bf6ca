"""What people decided about identity."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of decisions."""
    op.create_table(
        "identity_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("linkage", "one", "other", "verdict", "by", "reason")
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_decisions"),
    )


def downgrade() -> None:
    """Drop it: pairs between the thresholds are to be decided again."""
    op.drop_table("identity_decisions")
