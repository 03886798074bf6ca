"""Trace: a row back to source files and record numbers, and forward to tables and recipients.

Back goes over `_deliveries` and the key items that a table shares with its sources.
Keep out: the way forward (forward.py), column lineage (render).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.problem import nearest
from catalog.schema import DELIVERIES, DELIVERY, ROW, RULES
from orchestration.city import City
from orchestration.flows.forward import Row, follow, having, shared_values
from orchestration.flows.pins import pin
from registry import deliveries
from registry.deliveries import Record

MOST = 100  # rows of a key that are followed


class TraceError(Exception):
    """A question that cannot be answered: unknown table or item."""


@dataclass(frozen=True)
class Trace:
    """Where a row came from, and where it went."""

    back: list[dict[str, Any]]
    forward: list[dict[str, Any]]


def trace_row(city: City, table: str, key: Mapping[str, str]) -> Trace:
    """Follow the rows of a table that have these values back and forward."""
    entry, recipient = _entry(city, table)
    unknown = sorted(set(key) - {item.name for item in entry.items})
    if unknown:
        names = [item.name for item in entry.items]
        raise TraceError(f"{table} has no item {', '.join(unknown)}{nearest(unknown[0], names)}")
    rows = _rows(city, entry, key)
    back = list(_unique(_back(city, entry, rows))) + list(_refused(city, entry, key))
    forward = follow(city, entry, rows, back, ended=_ends(city, back))
    if recipient is not None:
        forward = [one for one in forward if one.get("recipient") == recipient]
        back = back if forward else []  # the row is another district's
    return Trace(back, forward)


def _entry(city: City, table: str) -> tuple[Entry, str | None]:
    zone, _, name = table.partition(".")
    name, _, recipient = name.partition("__") if zone == "backflow" else (name, "", "")
    entry = city.catalog.entries.get(name)
    recipients = {division.code for division in city.catalog.vocabulary.recipients()}
    stranger = recipient not in {"", *recipients}
    if entry is None or stranger or zone not in {"backflow", entry.zone}:
        known = [f"{e.zone}.{e.name}" for e in city.catalog.entries.values()]
        raise TraceError(f"{table}: no such table{nearest(table, known)}")
    return entry, recipient or None


def _rows(city: City, entry: Entry, key: Mapping[str, str]) -> Sequence[Row]:
    version = pin(city, entry.name).version
    if entry.zone == "raw":  # also what was taken back since
        version = city.lake.version("raw", entry.name)
    if version is None:
        return []
    rows = city.lake.scan(entry.zone, entry.name, version).filter(
        pl.col(name).cast(pl.String) == value for name, value in key.items()
    )
    return rows.head(MOST).collect(engine="streaming").rows(named=True)


def _back(city: City, entry: Entry, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if entry.zone == "raw":
            yield _source(city, row[DELIVERY], row[ROW], "accepted")
            continue
        for delivery in sorted(row.get(DELIVERIES) or ()):
            yield from _source_rows(city, entry, row, delivery)


def _source_rows(city: City, entry: Entry, row: Row, delivery: str) -> Iterator[dict[str, Any]]:
    """Find the raw rows of one delivery that share this row's key."""
    record = deliveries.find(city.registry, delivery)
    source = None if record is None else city.catalog.entries.get(record.delivery.resource)
    if source is None:
        yield _source(city, delivery, None, "accepted")
        return
    shared = shared_values(entry, source, row)
    # Part of a key (a month, say) would blame every record of it.
    found = (
        []
        if not set(source.key) <= set(shared)
        else _match(city, "raw", source, shared, delivery=delivery)
    )
    for one in found:
        yield _source(city, delivery, one[ROW], "accepted")
    if not found:
        yield _source(city, delivery, None, "accepted")


def _refused(city: City, entry: Entry, key: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Find refused rows of a source with these values: they explain why a row is missing."""
    if entry.zone != "raw" or not city.lake.exists("quarantine", entry.name):
        return
    rows = city.lake.scan("quarantine", entry.name).filter(
        pl.col(name) == value for name, value in key.items()
    )
    for row in rows.head(MOST).collect(engine="streaming").iter_rows(named=True):
        yield _source(city, row[DELIVERY], row[ROW], f"quarantined: {', '.join(row[RULES])}")


def _source(city: City, delivery: str, record: int | None, outcome: str) -> dict[str, Any]:
    known = deliveries.find(city.registry, delivery)
    return {
        "resource": known.delivery.resource if known else None,
        "file": known.delivery.file_name if known else None,
        "record": record,
        "outcome": outcome,
        "in_force": known.in_force if known else None,
        "ended": _ended(known) if known else None,
        "received_at": known.delivery.received_at.isoformat(timespec="seconds") if known else None,
        "digest": known.delivery.digest if known else None,
        "delivery": delivery,
    }


def _ends(city: City, back: Sequence[Mapping[str, Any]]) -> set[dt.datetime]:
    """Return when the deliveries that count no more were taken back."""
    known = (deliveries.find(city.registry, one["delivery"]) for one in back)
    ends = (_end(city, record) for record in known if record is not None)
    return {end for end in ends if end is not None}


def _end(city: City, record: Record) -> dt.datetime | None:
    if record.withdrawn_at is not None or record.replaced_by is None:
        return record.withdrawn_at
    later = deliveries.find(city.registry, record.replaced_by)
    return None if later is None else later.finished_at


def _ended(record: Record) -> str | None:
    """Say why a delivery counts no more."""
    if record.withdrawn_at is not None:
        return f"withdrawn {record.withdrawn_at.isoformat(timespec='seconds')}"
    return None if record.replaced_by is None else f"replaced by {record.replaced_by}"


def _match(
    city: City, zone: str, entry: Entry, shared: Row, *, delivery: str
) -> list[dict[str, Any]]:
    rows = city.lake.scan(zone, entry.name).filter(
        pl.col(DELIVERY) == delivery, *having(entry, shared)
    )
    return rows.head(MOST).collect(engine="streaming").rows(named=True)


def _unique(found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, int | None]] = set()
    for one in found:
        mark = (one["delivery"], one["record"])
        if mark not in seen:
            seen.add(mark)
            yield one
