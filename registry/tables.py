"""The tables of the registry: facts and acts, each written once and never rewritten silently.

Change a table here and in a new revision under migrations/versions; a test compares the two.
Keep out: queries (the modules named after the facts) and the engine (schema.py).
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa


class Instant(sa.types.TypeDecorator[dt.datetime]):
    """A zone-aware instant, stored in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        """Turn a zone-aware instant to UTC and refuse a naive one."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"instant {value} has no zone: pass a zone-aware datetime")
        return value and value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        """Return the instant with its zone."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=dt.UTC)
        return value and value.astimezone(dt.UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)
String, Integer, BigInteger = sa.String, sa.Integer, sa.BigInteger


def _text(name: str, *, null: bool = False, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, String, nullable=null, index=index)


def _instant(name: str, *, null: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, Instant, nullable=null)


def _count(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, BigInteger, nullable=null)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=True)


arrivals = sa.Table(
    "arrivals",
    metadata,
    _number("id"),
    _text("resource", index=True),
    _text("file_name"),
    _text("outcome"),
    _text("message", null=True),
    _text("digest", null=True),
    _count("size", null=True),
    _text("delivery_id", null=True, index=True),
    sa.Column("fingerprint", String, nullable=True, unique=True),
    _instant("received_at"),
    sqlite_autoincrement=True,
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _number("sequence"),
    sa.Column("id", String, nullable=False, unique=True),
    *(_text(name) for name in ("resource", "file_name", "stem", "digest")),
    _count("size"),
    _instant("received_at"),
    sa.Column("as_of", sa.Date, nullable=False),
    _text("status", index=True),
    _text("reason", null=True),
    *(_count(name, null=True) for name in ("records", "accepted", "quarantined", "repeats")),
    *(_count(name, null=True) for name in ("raw_version", "quarantine_version")),
    sa.Column("verdict_id", Integer, sa.ForeignKey("verdicts.id"), nullable=True),
    _instant("finished_at", null=True),
    *(_text(name, null=True) for name in ("replaced_by", "amends", "waiver")),
    _instant("replaced_at", null=True),
    _instant("withdrawn_at", null=True),
    sa.Index("ix_deliveries_order", "resource", "as_of", "sequence"),
    sa.Index("ix_deliveries_stem", "resource", "stem"),
    sa.CheckConstraint("records = accepted + quarantined + repeats", name="balanced"),
    sqlite_autoincrement=True,
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    _number("id"),
    _text("subject"),
    _text("delivery_id", null=True, index=True),
    _count("version", null=True),
    sa.Column("passed", sa.Boolean, nullable=False),
    _text("reason"),
    _count("rows"),
    _count("quarantined"),
    _count("repeats"),
    _json("rules"),
    sa.Column(
        "document", sa.LargeBinary, nullable=False
    ),  # zlib of JSON: GX repeats itself 10-fold
    _instant("at"),
    sa.Index("ix_verdicts_subject", "subject", "id"),
    sqlite_autoincrement=True,
)

releases = sa.Table(
    "releases",
    metadata,
    _number("sequence"),
    _text("zone"),
    _text("name"),
    _count("version"),
    _count("rows"),
    sa.Column("verdict_id", Integer, sa.ForeignKey("verdicts.id"), nullable=False),
    _json("inputs"),
    _text("code_digest"),
    _instant("at"),
    sa.Index("ix_releases_table", "zone", "name", "sequence"),
    sqlite_autoincrement=True,
)

builds = sa.Table(
    "builds",
    metadata,
    *(sa.Column(name, String, primary_key=True) for name in ("zone", "name")),
    _text("inputs_digest"),
    _text("outcome"),
    _text("reason"),
    _instant("at"),
)

applications = sa.Table(
    "applications",
    metadata,
    _number("id"),
    _text("kind"),
    _text("recipient", index=True),
    _text("zone"),
    _text("name"),
    _json("items"),
    _text("purpose"),
    _text("basis"),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=False),
    _text("status"),
    _text("applied_by"),
    _instant("applied_at"),
    _text("decided_by", null=True),
    _instant("decided_at", null=True),
    _text("reason", null=True),
    sqlite_autoincrement=True,
)

grants = sa.Table(
    "grants",
    metadata,
    _number("id"),
    sa.Column(
        "application_id", Integer, sa.ForeignKey("applications.id"), nullable=False, unique=True
    ),
    _text("granted_by"),
    _instant("granted_at"),
    _text("revoked_by", null=True),
    _instant("revoked_at", null=True),
    _text("revoked_because", null=True),
    sqlite_autoincrement=True,
)

crossings = sa.Table(
    "crossings",
    metadata,
    sa.Column("id", String, primary_key=True),
    *(_text(name) for name in ("kind", "recipient", "zone", "name")),
    _count("version"),
    _count("rows"),
    _json("withheld"),
    _count("target_version", null=True),
    _text("package_digest", null=True),
    _text("decision"),
    _text("status"),
    _instant("at"),
    sa.Index("ix_crossings_table", "zone", "name", "version", "kind"),
    sa.Index("ix_crossings_recipient", "recipient"),
)

audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", String, nullable=False, unique=True),
    _instant("at"),
    _text("actor"),
    _text("action"),
    _text("subject", index=True),
    sa.Column("detail", sa.Text, nullable=False),  # canonical JSON, byte for byte as sealed
    _text("previous"),
    _text("digest"),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", Integer, primary_key=True, autoincrement=False),
    sa.Column("events", BigInteger, nullable=False),
    _text("digest"),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("resource", String, primary_key=True),
    _text("source"),
    _text("value", null=True),
    _text("digest", null=True),
    _instant("fetched_at", null=True),
    _text("trouble", null=True),
    _instant("tried_at"),
)

fetched_files = sa.Table(
    "fetched_files",
    metadata,
    *(sa.Column(name, String, primary_key=True) for name in ("resource", "path", "mark")),
    _text("file_name"),
    _instant("fetched_at"),
)
