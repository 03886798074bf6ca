"""Columns that are not the entry's, read all the same: missing ones empty, new ones left out.

Keep out: which columns are (header.py), and what the entry should say instead (catalog.propose).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from catalog.drift import NO_MISSING, NO_NEW
from catalog.entry import Entry, Item
from ingestion.candidate import NEW, Cells, Drifted
from ingestion.conform.signs import BLANKS

SAMPLED = 10_000  # rows of new columns that are looked at


def item_of(entry: Entry, name: str) -> Item:
    """Return the item of a column, or what stands in for a new column's."""
    if name.startswith(NEW):
        return Item(name="new", title=name.removeprefix(NEW), type="string")
    return entry.item(name)


def flagged(entry: Entry, cells: Cells) -> Cells:
    """Return a file's cells with missing columns empty, and flags where drift is quarantined."""
    drift, frame = entry.origin.drift, cells.frame
    if cells.missing:
        frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in cells.missing)
    if drift.new == "quarantine":
        told = [pl.col(name).str.strip_chars(BLANKS) != "" for name in _new(cells)]
        some = pl.any_horizontal(told).fill_null(value=False) if told else pl.lit(value=False)
        frame = frame.with_columns(pl.when(~some).then(pl.lit("1")).alias(NO_NEW))
    if drift.missing == "quarantine":
        none = pl.lit(None if cells.missing else "1", pl.String)
        frame = frame.with_columns(none.alias(NO_MISSING))
    return replace(cells, frame=frame, plain=cells.plain - set(cells.missing))


def with_flags(entry: Entry) -> Entry:
    """Return the entry with its flags as items, so that they are read like any text."""
    drift = entry.origin.drift
    flags = [n for n, fate in ((NO_NEW, drift.new), (NO_MISSING, drift.missing))
             if fate == "quarantine"]  # fmt: skip
    if not flags:
        return entry
    more = [Item(name=flag, title=flag, type="string") for flag in flags]
    return entry.model_copy(update={"items": (*entry.items, *more)})


def drifted(cells: Cells) -> Drifted | None:
    """Return where a delivery's columns were not the entry's; None where they were."""
    new = _new(cells)
    if not new and not cells.missing:
        return None
    told = cells.frame.select(pl.col(name).alias(name.removeprefix(NEW)) for name in new)
    sample = told.head(SAMPLED).collect(engine="streaming") if new else pl.DataFrame()
    return Drifted(sample, cells.missing)


def _new(cells: Cells) -> list[str]:
    return [name for name in cells.frame.collect_schema().names() if name.startswith(NEW)]
