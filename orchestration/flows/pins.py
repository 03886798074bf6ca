"""Which rows count now: tables pinned at the versions that may be read.

A raw table shows its deliveries in force, a model its released version.
Keep out: moving the release pointer (release.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, table_schema
from lake.engine import session
from lake.text import literal
from lake.views import Current, Pin
from orchestration.city import City
from orchestration.flows.repeats import alone
from orchestration.flows.turn import turn
from registry import deliveries, releases
from registry.deliveries import Record


def pin(city: City, name: str) -> Pin:
    """Return the readable version of a table; version None stands for a table without rows yet."""
    entry = city.entry(name)
    if entry.zone != "raw":
        return _model_pin(city, entry)
    records = deliveries.in_force(city.registry, name)
    return raw_pin(entry, records, alone(city, name, records))


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


def raw_pin(entry: Entry, records: Iterable[Record], apart: frozenset[str] = frozenset()) -> Pin:
    """Return the pin of a raw table that shows these deliveries; some share no key with others."""
    records = tuple(records)
    known = {r.delivery.id: r for r in records}
    filled = [r.outcome for r in records if r.outcome is not None and r.outcome.account.accepted]
    turns = [(turn(entry, record, known), record) for record in records]
    placed = sorted(turns, key=lambda one: one[0])  # what shares a turn stays as it came
    rank = {at: number for number, at in enumerate(dict.fromkeys(at for at, _ in placed))}
    current = Current(
        mode=entry.update.mode,
        key=entry.key,
        deliveries=tuple((r.delivery.id, at[0], rank[at]) for at, r in placed),
        alone=apart,
    )
    # A delivery judged again may have lost all its rows: an older version would show them.
    judged = [r.outcome.raw_version for r in records if r.outcome is not None]
    version = max((v for v in judged if v is not None), default=None) if filled else None
    return Pin("raw", entry.name, version, table_schema(entry), current)


def _model_pin(city: City, entry: Entry) -> Pin:
    release = releases.released(city.registry, entry.zone, entry.name)
    version = None if release is None else release.release.version
    return Pin(entry.zone, entry.name, version, table_schema(entry), None)
