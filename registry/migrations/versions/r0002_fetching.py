"""How far each source has been fetched, and which of its files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of cursors and of fetched files."""
    op.create_table(
        "cursors",
        _text("resource"),
        _text("source"),
        _text("value", null=True),
        _text("digest", null=True),
        _instant("fetched_at", null=True),
        _text("trouble", null=True),
        _instant("tried_at"),
        sa.PrimaryKeyConstraint("resource", name="pk_cursors"),
    )
    op.create_table(
        "fetched_files",
        *(_text(name) for name in ("resource", "path", "mark", "file_name")),
        _instant("fetched_at"),
        sa.PrimaryKeyConstraint("resource", "path", "mark", name="pk_fetched_files"),
    )


def downgrade() -> None:
    """Drop both: the next fetch takes everything again, which keys make harmless."""
    op.drop_table("fetched_files")
    op.drop_table("cursors")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)
