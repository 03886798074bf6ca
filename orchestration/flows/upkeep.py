"""Upkeep: small files joined, and files removed that no release, pin or crossing needs.

What a release within its table's retention refers to, its inputs included, stays readable.
Keep out: how files are joined and found (lake).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from catalog.problem import nearest
from lake import compaction, vacuum
from lake.errors import LakeError
from lake.vacuum import Unneeded
from orchestration.city import City
from orchestration.flows.needed import Table, needed_versions
from registry import audit
from registry.belonging import holding
from sharing.audit import AuditEvent

ACTOR = "citylake"
FEWEST = 32  # small files that are joined after a delivery; fewer cost readers little
GRACE = dt.timedelta(days=1)  # what is younger may be read or written right now


def compact_tables(
    city: City, tables: Collection[str], *, now: dt.datetime
) -> list[dict[str, Any]]:
    """Join the small files of some tables, or of all; say what became of those that had any."""
    with city.working():
        # A build replaces the file of a period: joined ones would cost a rebuild.
        chosen = [t for t in _chosen(city, tables) if tables or not _by_period(city, t[1])]
        found = [_compacted(city, table, fewest=2, now=now) for table in chosen]
    return [row for row in found if row is not None]


def tend(city: City, name: str, *, now: dt.datetime, fewest: int = FEWEST) -> list[dict[str, Any]]:
    """Join the small files of a resource once they are many, and drop what nothing needs then.

    So a delivery costs what it brings, and at most every 32nd joins files that are small: never
    the table. Files of old versions go a day later, if no release, pin or crossing needs them.
    """
    with city.working():
        stored = [(zone, name) for zone in ("raw", "quarantine") if city.lake.exists(zone, name)]
        found = [_compacted(city, table, fewest=fewest, now=now) for table in stored]
        done = [row for row in found if row is not None]
        if done:
            tables = [row["table"] for row in done]
            vacuum_tables(city, tables, grace=GRACE, delete=True, now=now)
    return done


def _compacted(city: City, table: Table, *, fewest: int, now: dt.datetime) -> dict[str, Any] | None:
    zone, name = table
    with holding(city.registry, name):  # another home may be settling a delivery of it
        one = compaction.compact(city.lake, zone, name, fewest=fewest)
    if one is None:
        return None
    row = {
        "table": f"{zone}.{name}",
        "files": one.files_after,
        "files_before": one.files_before,
        "bytes": one.bytes_after,
        "bytes_before": one.bytes_before,
        "version": one.version,
    }
    _note(city, "lake.compacted", table, row, now=now)
    return row


def vacuum_tables(
    city: City, tables: Collection[str], *, grace: dt.timedelta, delete: bool, now: dt.datetime
) -> list[dict[str, Any]]:
    """Find the files that nothing needs, in some tables or in all, and remove them if asked."""
    done = []
    with city.working():
        needed = needed_versions(city, now=now)
        for zone, name in _chosen(city, tables):
            versions = needed[zone, name]
            found = vacuum.unneeded(city.lake, zone, name, needed=versions, before=now - grace)
            if found.files:
                done.append(_vacuumed(city, found, delete=delete, now=now))
    return done


def _by_period(city: City, name: str) -> bool:
    entry = city.catalog.entries.get(name)
    return entry is not None and bool(entry.update.follows)


def _chosen(city: City, tables: Collection[str]) -> Iterator[Table]:
    stored = {f"{zone}.{name}": (zone, name) for zone, name in city.lake.tables()}
    for table in tables:
        if table not in stored:
            raise LakeError(f"{table}: no such table{nearest(table, stored)}")
    yield from (stored[table] for table in (tables or stored))


def _vacuumed(city: City, found: Unneeded, *, delete: bool, now: dt.datetime) -> dict[str, Any]:
    row = {
        "table": f"{found.zone}.{found.name}",
        "files": len(found.files),
        "bytes": found.size,
        "removed": delete,
    }
    if delete:
        # Said before it is done: a crash in between leaves an act on record, not a gap.
        _note(city, "lake.vacuumed", (found.zone, found.name), row, now=now)
        vacuum.remove(city.lake, found)
    return row


def _note(
    city: City, action: str, table: Table, detail: Mapping[str, Any], *, now: dt.datetime
) -> None:
    subject = f"{table[0]}.{table[1]}"
    key = f"{action}:{subject}:{now.isoformat()}"
    audit.append(city.registry, AuditEvent(key, now, ACTOR, action, subject, dict(detail)))
