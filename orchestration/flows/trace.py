"""Trace: a row back to source files and record numbers, and forward to tables and recipients.

Back goes over `_deliveries` and the key items that a table shares with its sources; forward
over the models that read a table. Keep out: column lineage (render).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.problem import nearest
from catalog.schema import DELIVERIES, DELIVERY, ROW, RULES, polars_type
from orchestration.city import City
from orchestration.flows.crossing import recipient_table
from orchestration.flows.pins import pin
from orchestration.graph import downstream, read_models
from registry import crossings, deliveries
from registry.crossings import CrossingStatus

Row = Mapping[str, Any]
Shared = tuple[tuple[str, Any], ...]  # values of a row that another table has too
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
    forward = _forward(city, entry, rows, back)
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
    found = pin(city, entry.name)
    if found.version is None:
        return []
    rows = city.lake.scan(found.zone, found.name, found.version).filter(
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
    shared = _shared(entry, source, row)
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
        "received_at": known.delivery.received_at.isoformat(timespec="seconds") if known else None,
        "digest": known.delivery.digest if known else None,
        "delivery": delivery,
    }


def _forward(
    city: City, entry: Entry, rows: Sequence[Row], back: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    models = read_models(city.catalog)
    ids = {one["delivery"] for one in back if one["outcome"] == "accepted"}
    found: list[dict[str, Any]] = []
    for name in dict.fromkeys((entry.name, *downstream(models, [entry.name]))):
        target = city.entry(name)
        every = dict.fromkeys(tuple(_shared(entry, target, row).items()) for row in rows)
        shared = [values for values in every if values] or list(every)
        if shared and name != entry.name:
            found += _uses(city, target, shared, ids)
        if any(shared):
            found += _recipients(city, target, shared)
    return found


def _uses(
    city: City, target: Entry, shared: Sequence[Shared], ids: set[str]
) -> Iterator[dict[str, Any]]:
    version = pin(city, target.name).version
    if version is None:
        return
    found = city.lake.scan(target.zone, target.name, version).filter(
        _any_of(target, shared),
        pl.col(DELIVERIES).list.eval(pl.element().is_in(sorted(ids))).list.any(),
    )
    count = found.select(pl.len()).collect(engine="streaming").item()
    if count:
        how = _names(shared) or "delivery only: the tables share no key"
        yield {
            "table": f"{target.zone}.{target.name}",
            "version": version,
            "rows": count,
            "by": how,
        }


def _recipients(city: City, target: Entry, shared: Sequence[Shared]) -> Iterator[dict[str, Any]]:
    if target.backflow is None:
        return
    for each in crossings.latest(city.registry, "backflow"):
        one = each.crossing
        if one.name != target.name or each.status is not CrossingStatus.DELIVERED:
            continue
        if one.target_version is None or not one.rows:
            continue
        name = recipient_table(one.name, one.recipient)
        own = city.lake.scan("backflow", name, one.target_version)
        count = own.filter(_any_of(target, shared)).select(pl.len()).collect().item()
        if count:
            yield {
                "table": f"backflow.{name}",
                "version": one.target_version,
                "rows": count,
                "by": _names(shared),
                "recipient": one.recipient,
                "crossing": one.id,
                "decision": one.decision,
                "at": each.at.isoformat(timespec="seconds"),
            }


def _any_of(entry: Entry, shared: Sequence[Shared]) -> pl.Expr:
    """Select the rows that have the values of any of the rows followed."""
    return pl.any_horizontal(
        pl.all_horizontal(pl.lit(True), *_equal(entry, dict(values))) for values in shared
    )


def _names(shared: Sequence[Shared]) -> str:
    return ", ".join(name for name, _ in shared[0])


def _match(
    city: City, zone: str, entry: Entry, shared: Row, *, delivery: str
) -> list[dict[str, Any]]:
    rows = city.lake.scan(zone, entry.name).filter(
        pl.col(DELIVERY) == delivery, *_equal(entry, shared)
    )
    return rows.head(MOST).collect(engine="streaming").rows(named=True)


def _equal(entry: Entry, values: Row) -> list[pl.Expr]:
    return [
        pl.col(name) == pl.lit(value, dtype=polars_type(entry.item(name)))
        for name, value in values.items()
    ]


def _shared(one: Entry, other: Entry, row: Row) -> dict[str, Any]:
    """Return the values of the items that identify rows in both tables."""
    names = {item.name: item.type for item in other.items}
    keys = set(one.key) | set(other.key)
    return {
        item.name: row[item.name]
        for item in one.items
        if item.name in keys
        and names.get(item.name) == item.type
        and row.get(item.name) is not None
    }


def _unique(found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, int | None]] = set()
    for one in found:
        mark = (one["delivery"], one["record"])
        if mark not in seen:
            seen.add(mark)
            yield one
