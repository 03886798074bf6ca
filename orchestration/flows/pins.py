"""Which rows count now: tables pinned at the versions that may be read.

A raw table shows its deliveries in force, a model its released version.
Keep out: moving the release pointer (release.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, table_schema
from ingestion.delivery import stamped
from lake.engine import session
from lake.text import literal
from lake.views import Current, Pin
from orchestration.city import City
from registry import deliveries, releases
from registry.deliveries import Record


def pin(city: City, name: str) -> Pin:
    """Return the readable version of a table; version None stands for a table without rows yet."""
    entry = city.entry(name)
    if entry.zone != "raw":
        return _model_pin(city, entry)
    return raw_pin(entry, deliveries.in_force(city.registry, name))


def pins(city: City, names: Iterable[str] | None = None) -> tuple[Pin, ...]:
    """Return the pins of the named tables, or of the whole catalog."""
    return tuple(pin(city, name) for name in (names or sorted(city.catalog.entries)))


def rows_in_force(city: City, name: str) -> pl.LazyFrame | None:
    """Return every accepted row that still counts; None for a table never filled."""
    found = pin(city, name)
    if found.version is None:
        return None
    rows = city.lake.scan(found.zone, found.name, found.version)
    if found.current is None:
        return rows
    return rows.filter(pl.col(DELIVERY).is_in([d[0] for d in found.current.deliveries]))


def released_rows(city: City, name: str, staging: Path) -> pl.LazyFrame:
    """Return the rows that everybody may read of a table: current ones of raw, a model's release.

    Current rows of a raw table are made by DuckDB and lie as Parquet in the staging folder.
    """
    return shown_rows(city, pin(city, name), staging)


def shown_rows(city: City, found: Pin, staging: Path) -> pl.LazyFrame:
    """Return the rows that a pin shows."""
    if found.current is None or found.version is None:
        if found.version is None:
            return pl.LazyFrame(schema=dict(found.schema))
        return city.lake.scan(found.zone, found.name, found.version)
    path = staging / "current.parquet"
    with session(city.lake, [found]) as connection:
        connection.execute(
            f"copy (from current.{found.name}) to {literal(str(path))} (format parquet)"
        )
    return pl.scan_parquet(path)


def raw_pin(entry: Entry, records: Iterable[Record]) -> Pin:
    """Return the pin of a raw table that shows these deliveries."""
    records = tuple(records)
    known = {r.delivery.id: r for r in records}
    filled = [r.outcome for r in records if r.outcome is not None and r.outcome.account.accepted]
    turns = [(_turn(entry, record, known), record) for record in records]
    placed = sorted(turns, key=lambda one: one[0])  # what shares a turn stays as it came
    rank = {turn: number for number, turn in enumerate(dict.fromkeys(turn for turn, _ in placed))}
    current = Current(
        mode=entry.update.mode,
        key=entry.key,
        deliveries=tuple((r.delivery.id, turn[0], rank[turn]) for turn, r in placed),
    )
    version = max((o.raw_version for o in filled if o.raw_version is not None), default=None)
    return Pin("raw", entry.name, version, table_schema(entry), current)


def _turn(entry: Entry, record: Record, known: Mapping[str, Record]) -> tuple[dt.date, str, int]:
    """Order deliveries by what they say of themselves, so that late ones are in their place.

    Of one period the names decide; without a period in the name there is only the arrival.
    An amendment's place is that of what it belongs to.
    """
    whole = known.get(record.delivery.amends or "", record)
    one = whole.delivery
    said = whole.stem if stamped(entry, one.file_name) else ""
    return one.as_of, said, whole.sequence


def _model_pin(city: City, entry: Entry) -> Pin:
    release = releases.released(city.registry, entry.zone, entry.name)
    version = None if release is None else release.release.version
    return Pin(entry.zone, entry.name, version, table_schema(entry), None)
