"""What deliveries were judged by: entries and vocabularies as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = ("entry", "vocabulary")


def upgrade() -> None:
    """Make the tables of kept texts and of what each delivery was judged by."""
    op.create_table(
        "catalog_texts",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_catalog_texts"),
    )
    op.create_table(
        "judged_by",
        *(sa.Column(n, sa.String(), nullable=False) for n in ("delivery_id", *TEXTS)),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_judged_by"),
        *(
            sa.ForeignKeyConstraint([name], ["catalog_texts.digest"], name=f"fk_judged_by_{name}")
            for name in TEXTS
        ),
    )


def downgrade() -> None:
    """Drop both: deliveries are then rebuilt by the entries that stand."""
    op.drop_table("judged_by")
    op.drop_table("catalog_texts")
