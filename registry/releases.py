"""Releases: which version of each table everybody reads, and every version that was.

The newest release of a table is the pointer. Keep out: judging, building, the tables themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import releases, verdicts

TABLE = releases.c


@dataclass(frozen=True)
class Release:
    """A version that passed the gate, what it was made of and by what code."""

    zone: str
    name: str
    version: int
    rows: int
    verdict_id: int
    inputs: Mapping[str, str] = field(
        default_factory=dict
    )  # table → version or digest of deliveries
    code_digest: str = ""


@dataclass(frozen=True)
class Released:
    """A release in its place in history."""

    sequence: int
    release: Release
    at: dt.datetime


def release(registry: Registry, candidate: Release, *, at: dt.datetime) -> Released:
    """Move the pointer of a table; releasing what is released already changes nothing."""
    with registry.write() as connection:
        _passed(connection, candidate)
        current = _current(connection, candidate.zone, candidate.name)
        if current is not None and current.release == candidate:
            return current
        values = {name: getattr(candidate, name) for name in Release.__dataclass_fields__}
        values["inputs"] = dict(candidate.inputs)
        connection.execute(sa.insert(releases).values({**values, "at": at}))
        moved = _current(connection, candidate.zone, candidate.name)
        if moved is None:
            raise RegistryError(f"release of {candidate.zone}.{candidate.name} was not written")
        return moved


def released(registry: Registry, zone: str, name: str) -> Released | None:
    """Return the release that everybody reads, or None when there is none yet."""
    with registry.read() as connection:
        return _current(connection, zone, name)


def all_released(registry: Registry) -> dict[tuple[str, str], Released]:
    """Return the current release of every table, by zone and name."""
    newest = sa.select(sa.func.max(TABLE.sequence)).group_by(TABLE.zone, TABLE.name)
    query = sa.select(releases).where(TABLE.sequence.in_(newest)).order_by(TABLE.zone, TABLE.name)
    with registry.read() as connection:
        return {(row.zone, row.name): _released(row) for row in connection.execute(query)}


def history(registry: Registry, zone: str, name: str) -> tuple[Released, ...]:
    """Return every release of a table, oldest first."""
    query = sa.select(releases).where(TABLE.zone == zone, TABLE.name == name)
    with registry.read() as connection:
        rows = connection.execute(query.order_by(TABLE.sequence))
        return tuple(_released(row) for row in rows)


def _passed(connection: sa.Connection, candidate: Release) -> None:
    table = f"{candidate.zone}.{candidate.name}"
    query = sa.select(verdicts).where(verdicts.c.id == candidate.verdict_id)
    verdict = connection.execute(query).first()
    if verdict is None or verdict.subject != table:
        raise RegistryError(f"release of {table}: verdict {candidate.verdict_id} is not on it")
    if not verdict.passed:
        raise RegistryError(f"release of {table}: its verdict did not pass ({verdict.reason})")
    if verdict.version is not None and verdict.version != candidate.version:
        raise RegistryError(
            f"release of {table} version {candidate.version}: "
            f"the verdict speaks of version {verdict.version}"
        )


def _current(connection: sa.Connection, zone: str, name: str) -> Released | None:
    query = sa.select(releases).where(TABLE.zone == zone, TABLE.name == name)
    row = connection.execute(query.order_by(TABLE.sequence.desc()).limit(1)).first()
    return None if row is None else _released(row)


def _released(row: sa.Row[Any]) -> Released:
    release = Release(
        row.zone, row.name, row.version, row.rows, row.verdict_id, row.inputs, row.code_digest
    )
    return Released(row.sequence, release, row.at)
