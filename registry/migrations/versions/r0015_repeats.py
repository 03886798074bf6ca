"""Which deliveries share keys with others of their table."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: what is not in it is looked up at the next release."""
    op.create_table(
        "looked_up_keys",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_looked_up_keys"),
    )


def downgrade() -> None:
    """Drop it: rows of every key are then ranked when they are read."""
    op.drop_table("looked_up_keys")
