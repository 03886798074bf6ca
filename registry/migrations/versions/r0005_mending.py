"""Refused rows come again: which delivery is amended, and what officers waive."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a delivery amend another, and make the table of waivers."""
    for name in ("amends", "waiver"):
        op.add_column("deliveries", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "waivers",
        *(_text(name) for name in ("id", "resource", "rule")),
        _text("delivery_id", null=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        *(_text(name) for name in ("officer", "reason")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waivers"),
    )
    op.create_index("ix_waivers_resource", "waivers", ["resource"])


def downgrade() -> None:
    """Forget waivers and amendments: the rows stay where they are."""
    op.drop_index("ix_waivers_resource", "waivers")
    op.drop_table("waivers")
    with op.batch_alter_table("deliveries") as table:
        for name in ("waiver", "amends"):
            table.drop_column(name)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)
