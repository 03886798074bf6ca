"""Crossings as they happened: opened, then delivered or refused, each row in one of them.

Keep out: deciding and packaging (sharing), and the audit event (audit.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import crossings
from sharing.crossing import NOBODY, Crossing, Kind, Sums

TABLE = crossings.c


class CrossingStatus(StrEnum):
    """Where a crossing stands; only `delivered` is final."""

    OPEN = "open"
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True)
class Crossed:
    """A crossing with where it stands."""

    crossing: Crossing
    status: CrossingStatus
    at: dt.datetime


def record(
    registry: Registry, crossing: Crossing, *, status: CrossingStatus, at: dt.datetime
) -> Crossed:
    """Write down where a crossing stands; a delivered one is never rewritten."""
    with registry.write() as connection:
        known = _one(connection, crossing.id)
        if known is not None and known.status is CrossingStatus.DELIVERED:
            return _unchanged(known, crossing)
        values = {field.name: getattr(crossing, field.name) for field in fields(Crossing)}
        values |= {"withheld": dict(crossing.withheld), "status": status.value, "at": at}
        if known is None:
            connection.execute(sa.insert(crossings).values({**values, "id": crossing.id}))
        else:
            query = sa.update(crossings).where(TABLE.id == crossing.id)
            connection.execute(query.values(values))
    return Crossed(crossing, status, at)


def find(registry: Registry, crossing_id: str) -> Crossed | None:
    """Return a crossing, or None when it was never recorded."""
    with registry.read() as connection:
        return _one(connection, crossing_id)


def for_table(
    registry: Registry, zone: str, name: str, *, version: int | None = None
) -> tuple[Crossed, ...]:
    """Return the crossings of a table, of one version or of all, by version and recipient."""
    query = sa.select(crossings).where(TABLE.zone == zone, TABLE.name == name)
    if version is not None:
        query = query.where(TABLE.version == version)
    with registry.read() as connection:
        rows = connection.execute(query.order_by(TABLE.version, TABLE.kind, TABLE.recipient))
        return tuple(_crossed(row) for row in rows)


def latest(registry: Registry, kind: Kind) -> tuple[Crossed, ...]:
    """Return the crossings of the newest version of every table, by table and recipient."""
    newest = (
        sa.select(TABLE.zone, TABLE.name, sa.func.max(TABLE.version))
        .where(TABLE.kind == kind)
        .group_by(TABLE.zone, TABLE.name)
    )
    table = sa.tuple_(TABLE.zone, TABLE.name, TABLE.version)
    query = sa.select(crossings).where(TABLE.kind == kind, table.in_(newest))
    with registry.read() as connection:
        rows = connection.execute(query.order_by(TABLE.zone, TABLE.name, TABLE.recipient))
        return tuple(_crossed(row) for row in rows)


def sums(registry: Registry, kind: Kind, *, zone: str, name: str, version: int) -> Sums:
    """Return the account of the crossings of one table version: crossed, and withheld by reason."""
    found = [
        each.crossing
        for each in for_table(registry, zone, name, version=version)
        if each.crossing.kind == kind
    ]
    withheld: Counter[str] = Counter()
    for crossing in found:
        withheld.update(crossing.withheld)
    return Sums(
        recipients=sum(crossing.recipient != NOBODY for crossing in found),
        crossed=sum(crossing.rows for crossing in found),
        withheld=dict(withheld),
    )


def _unchanged(known: Crossed, crossing: Crossing) -> Crossed:
    if known.crossing != crossing:
        raise RegistryError(
            f"crossing {crossing.id} of {crossing.table} version {crossing.version} to "
            f"{crossing.recipient} is delivered: what left cannot be rewritten, release a version"
        )
    return known


def _one(connection: sa.Connection, crossing_id: str) -> Crossed | None:
    row = connection.execute(sa.select(crossings).where(TABLE.id == crossing_id)).first()
    return None if row is None else _crossed(row)


def _crossed(row: sa.Row[Any]) -> Crossed:
    names = [field.name for field in fields(Crossing)]
    crossing = Crossing(**{name: row._mapping[name] for name in names})
    return Crossed(crossing, CrossingStatus(row.status), row.at)
