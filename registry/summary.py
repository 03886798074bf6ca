"""Sums over the deliveries of each resource: what arrived, passed, was refused, and up to when.

Keep out: single deliveries (deliveries.py) and lateness (supervision/timeliness.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ingestion.delivery import Account, Status
from registry.deliveries import IN_FORCE
from registry.schema import Registry
from registry.tables import deliveries

TABLE = deliveries.c


@dataclass(frozen=True)
class Summary:
    """All deliveries of one resource, with the sum of their accounts."""

    resource: str
    deliveries: int
    received: int  # unfinished
    accepted: int
    refused: int
    withdrawn: int
    account: Account
    last_as_of: dt.date | None  # newest period with a delivery in force
    last_received: dt.datetime


def summary(registry: Registry) -> tuple[Summary, ...]:
    """Return the sums of every resource that ever delivered, by name."""
    query = sa.select(
        TABLE.resource,
        sa.func.count().label("deliveries"),
        *(_count(TABLE.status == status.value, status.value) for status in Status),
        _count(TABLE.withdrawn_at.is_not(None), "withdrawn"),
        *(_sum(name) for name in ("records", "accepted", "quarantined", "repeats")),
        sa.func.max(sa.case((IN_FORCE, TABLE.as_of))).label("last_as_of"),
        sa.func.max(TABLE.received_at).label("last_received"),
    )
    grouped = query.group_by(TABLE.resource).order_by(TABLE.resource)
    with registry.read() as connection:
        return tuple(_summary(row) for row in connection.execute(grouped))


def _count(which: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
    return sa.func.count(sa.case((which, 1))).label(name)


def _sum(name: str) -> sa.Label[int]:
    return sa.func.coalesce(sa.func.sum(TABLE[name]), 0).label(f"{name}_rows")


def _summary(row: sa.Row[Any]) -> Summary:
    # PostgreSQL sums bigint to numeric: hence int().
    rows = (row.records_rows, row.accepted_rows, row.quarantined_rows, row.repeats_rows)
    return Summary(
        resource=row.resource,
        deliveries=row.deliveries,
        received=row.received,
        accepted=row.accepted,
        refused=row.refused,
        withdrawn=row.withdrawn,
        account=Account(*(int(count) for count in rows)),
        last_as_of=row.last_as_of,
        last_received=row.last_received,
    )
