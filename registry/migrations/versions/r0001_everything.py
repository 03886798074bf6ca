"""Deliveries, verdicts, releases, builds, grants, crossings and the audit chain."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_head",
    "audit_events",
    "crossings",
    "grants",
    "applications",
    "builds",
    "releases",
    "deliveries",
    "verdicts",
    "arrivals",
)


def upgrade() -> None:
    """Make every table of the first registry."""
    _arrivals()
    _verdicts()
    _deliveries()
    _releases()
    _grants()
    _crossings()
    _audit()


def downgrade() -> None:
    """Drop every table of the first registry."""
    for table in TABLES:
        op.drop_table(table)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _count(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=True, nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _verdict(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_verdict_id"
    return sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name=name)


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        _number("id"),
        _text("resource"),
        _text("file_name"),
        _text("outcome"),
        _text("message", null=True),
        _text("digest", null=True),
        _count("size", null=True),
        _text("delivery_id", null=True),
        _text("fingerprint", null=True),
        _instant("received_at"),
        _key("arrivals", "id"),
        sa.UniqueConstraint("fingerprint", name="uq_arrivals_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_arrivals_resource", "arrivals", ["resource"])
    op.create_index("ix_arrivals_delivery_id", "arrivals", ["delivery_id"])


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        _number("id"),
        _text("subject"),
        _text("delivery_id", null=True),
        _count("version", null=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        _text("reason"),
        _count("rows"),
        _count("quarantined"),
        _count("repeats"),
        _json("rules"),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        _instant("at"),
        _key("verdicts", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verdicts_delivery_id", "verdicts", ["delivery_id"])
    op.create_index("ix_verdicts_subject", "verdicts", ["subject", "id"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _number("sequence"),
        *(_text(name) for name in ("id", "resource", "file_name", "stem", "digest")),
        _count("size"),
        _instant("received_at"),
        sa.Column("as_of", sa.Date(), nullable=False),
        _text("status"),
        _text("reason", null=True),
        *(_count(name, null=True) for name in ("records", "accepted", "quarantined", "repeats")),
        _count("raw_version", null=True),
        _count("quarantine_version", null=True),
        sa.Column("verdict_id", sa.Integer(), nullable=True),
        _instant("finished_at", null=True),
        _text("replaced_by", null=True),
        _instant("replaced_at", null=True),
        _instant("withdrawn_at", null=True),
        _key("deliveries", "sequence"),
        sa.UniqueConstraint("id", name="uq_deliveries_id"),
        sa.CheckConstraint(
            "records = accepted + quarantined + repeats", name=op.f("ck_deliveries_balanced")
        ),
        _verdict("deliveries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_status", "deliveries", ["status"])
    op.create_index("ix_deliveries_order", "deliveries", ["resource", "as_of", "sequence"])
    op.create_index("ix_deliveries_stem", "deliveries", ["resource", "stem"])


def _releases() -> None:
    op.create_table(
        "releases",
        _number("sequence"),
        _text("zone"),
        _text("name"),
        _count("version"),
        _count("rows"),
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        _json("inputs"),
        _text("code_digest"),
        _instant("at"),
        _key("releases", "sequence"),
        _verdict("releases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_releases_table", "releases", ["zone", "name", "sequence"])
    op.create_table(
        "builds",
        *(_text(name) for name in ("zone", "name", "inputs_digest", "outcome", "reason")),
        _instant("at"),
        _key("builds", "zone", "name"),
    )


def _grants() -> None:
    op.create_table(
        "applications",
        _number("id"),
        *(_text(name) for name in ("kind", "recipient", "zone", "name")),
        _json("items"),
        _text("purpose"),
        _text("basis"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        _text("status"),
        _text("applied_by"),
        _instant("applied_at"),
        _text("decided_by", null=True),
        _instant("decided_at", null=True),
        _text("reason", null=True),
        _key("applications", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_applications_recipient", "applications", ["recipient"])
    application = sa.ForeignKeyConstraint(
        ["application_id"], ["applications.id"], name="fk_grants_application_id"
    )
    op.create_table(
        "grants",
        _number("id"),
        sa.Column("application_id", sa.Integer(), nullable=False),
        _text("granted_by"),
        _instant("granted_at"),
        _text("revoked_by", null=True),
        _instant("revoked_at", null=True),
        _text("revoked_because", null=True),
        _key("grants", "id"),
        application,
        sa.UniqueConstraint("application_id", name="uq_grants_application_id"),
        sqlite_autoincrement=True,
    )


def _crossings() -> None:
    op.create_table(
        "crossings",
        *(_text(name) for name in ("id", "kind", "recipient", "zone", "name")),
        _count("version"),
        _count("rows"),
        _json("withheld"),
        _count("target_version", null=True),
        _text("package_digest", null=True),
        _text("decision"),
        _text("status"),
        _instant("at"),
        _key("crossings", "id"),
    )
    op.create_index("ix_crossings_table", "crossings", ["zone", "name", "version", "kind"])
    op.create_index("ix_crossings_recipient", "crossings", ["recipient"])


def _audit() -> None:
    op.create_table(
        "audit_events",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("key"),
        _instant("at"),
        *(_text(name) for name in ("actor", "action", "subject")),
        sa.Column("detail", sa.Text(), nullable=False),
        _text("previous"),
        _text("digest"),
        _key("audit_events", "sequence"),
        sa.UniqueConstraint("key", name="uq_audit_events_key"),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _count("events"),
        _text("digest"),
        _key("audit_head", "id"),
    )
    # The head exists from the beginning: a registry without one has been tampered with.
    op.bulk_insert(head, [{"id": 1, "events": 0, "digest": "0" * 64}])
