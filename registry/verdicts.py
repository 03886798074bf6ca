"""Verdicts, kept for ever: what the gate said of a delivery or of a table version.

Keep out: judging (quality) and releasing (releases.py).
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from quality.verdict import RuleResult, Verdict
from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import verdicts


@dataclass(frozen=True)
class Kept:
    """A verdict with its number and what it speaks of."""

    id: int
    verdict: Verdict
    delivery: str | None
    version: int | None
    at: dt.datetime


def keep(
    registry: Registry,
    verdict: Verdict,
    *,
    at: dt.datetime,
    delivery: str | None = None,
    version: int | None = None,
) -> int:
    """Write down the verdict on a delivery or on a version; return its number."""
    if (delivery is None) == (version is None):
        raise RegistryError(f"verdict on {verdict.subject}: name its delivery or its version")
    values = {
        "subject": verdict.subject,
        "delivery_id": delivery,
        "version": version,
        "passed": verdict.passed,
        "reason": verdict.reason,
        "rows": verdict.rows,
        "quarantined": verdict.quarantined,
        "repeats": verdict.repeats,
        "rules": [dict(vars(rule)) for rule in verdict.rules],
        "document": zlib.compress(json.dumps(verdict.document, ensure_ascii=False).encode()),
        "at": at,
    }
    with registry.write() as connection:
        query = sa.insert(verdicts).values(values).returning(verdicts.c.id)
        return int(connection.execute(query).scalar_one())


def get(registry: Registry, verdict_id: int) -> Kept | None:
    """Return the verdict of that number."""
    return _first(registry, verdicts.c.id == verdict_id)


def latest(registry: Registry, subject: str) -> Kept | None:
    """Return the newest verdict on a table (`zone.name`)."""
    return _first(registry, verdicts.c.subject == subject)


def for_delivery(registry: Registry, delivery: str) -> Kept | None:
    """Return the newest verdict on a delivery."""
    return _first(registry, verdicts.c.delivery_id == delivery)


def for_subject(registry: Registry, subject: str) -> tuple[Kept, ...]:
    """Return every verdict on a table, oldest first."""
    query = sa.select(verdicts).where(verdicts.c.subject == subject).order_by(verdicts.c.id)
    with registry.read() as connection:
        return tuple(_kept(row) for row in connection.execute(query))


@dataclass(frozen=True)
class Headline:
    """A verdict without its document: what lists and scores are made of."""

    id: int
    subject: str
    delivery: str | None
    version: int | None
    passed: bool
    reason: str
    rows: int
    quarantined: int
    repeats: int
    rules: tuple[RuleResult, ...]
    at: dt.datetime


def headlines(registry: Registry, subject: str | None = None) -> tuple[Headline, ...]:
    """Return every verdict on a table, or on all, oldest first, without the documents."""
    columns = [c for c in verdicts.c if c.name != "document"]
    query = sa.select(*columns).order_by(verdicts.c.id)
    if subject is not None:
        query = query.where(verdicts.c.subject == subject)
    with registry.read() as connection:
        return tuple(_headline(row) for row in connection.execute(query))


def rules_of(kept: list[dict[str, Any]]) -> tuple[RuleResult, ...]:
    """Return the results of rules as they were kept."""
    return tuple(
        RuleResult(**{**rule, "examples": tuple(rule.get("examples", ()))}) for rule in kept
    )


def _headline(row: sa.Row[Any]) -> Headline:
    return Headline(
        id=row.id,
        subject=row.subject,
        delivery=row.delivery_id,
        version=row.version,
        passed=row.passed,
        reason=row.reason,
        rows=row.rows,
        quarantined=row.quarantined,
        repeats=row.repeats,
        rules=rules_of(row.rules),
        at=row.at,
    )


def _first(registry: Registry, where: sa.ColumnElement[bool]) -> Kept | None:
    query = sa.select(verdicts).where(where).order_by(verdicts.c.id.desc()).limit(1)
    with registry.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else _kept(row)


def _kept(row: sa.Row[Any]) -> Kept:
    verdict = Verdict(
        subject=row.subject,
        passed=row.passed,
        reason=row.reason,
        rows=row.rows,
        quarantined=row.quarantined,
        repeats=row.repeats,
        rules=rules_of(row.rules),
        document=json.loads(zlib.decompress(row.document)),
    )
    return Kept(row.id, verdict, row.delivery_id, row.version, row.at)
