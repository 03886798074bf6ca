"""What stirs others, one line each time, and which verdicts had been given by then."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew: nothing was ever written into the one before."""
    op.drop_table("stirred")
    op.create_table(
        "stirred",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(n, sa.String(), nullable=False) for n in ("delivery_id", "resource")),
        sa.Column("itself", sa.Boolean(), nullable=False),
        sa.Column("verdicts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_stirred"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Return to the table of before, empty."""
    op.drop_table("stirred")
    op.create_table(
        "stirred",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("itself", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_stirred"),
    )
