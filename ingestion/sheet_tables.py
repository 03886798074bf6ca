"""Headers inside a sheet: repeated ones are no data, and another table's may end the reading.

Keep out: the header at the top (workbook), the same in text (delimited.repeated).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from catalog.entry import Entry
from ingestion.header import normal, recognised
from ingestion.sheet import FAULTY
from ingestion.sheet_scan import ANOTHER


@dataclass(frozen=True)
class Settled:
    """The rows that are records, those of another table marked."""

    body: pl.DataFrame
    notes: tuple[str, ...] = ()


def settle(entry: Entry, head: pl.DataFrame, body: pl.DataFrame) -> Settled:
    """Return the rows below the header in which headers are no records."""
    levels = [_normal(row) for row in head.drop(FAULTY).rows()]
    hopeful = _hopeful(entry, head, body)
    rows = {place: _normal(body.drop(FAULTY).row(place)) for place in hopeful}
    again = [place for place, row in rows.items() if row in levels]
    others = [] if entry.origin.tables == "all" else _others(entry, rows)
    end = min((*again, *others), default=len(body)) if entry.origin.tables == "first" else len(body)
    place = pl.int_range(pl.len())
    marked = pl.when(place >= end).then(ANOTHER).otherwise(0).cast(pl.UInt8)
    kept = body.with_columns(pl.col(FAULTY) | marked).filter(~place.is_in(again))
    if end < len(body):
        note = f"another table after record {end}: {len(kept) - end} records set aside"
        return Settled(kept, (note,))
    return Settled(kept, (f"{len(again)} repeated header rows left out",) if again else ())


def _hopeful(entry: Entry, head: pl.DataFrame, body: pl.DataFrame) -> list[int]:
    """Return the rows with a cell that is a title."""
    titles = {title for item in entry.items for title in (item.title, item.name, *item.aliases)}
    titles |= {cell.strip() for row in head.drop(FAULTY).rows() for cell in row if cell}
    told = pl.any_horizontal(pl.exclude(FAULTY).str.strip_chars().is_in(list(titles)))
    return body.select(pl.arg_where(told.fill_null(value=False))).to_series().to_list()


def _others(entry: Entry, rows: dict[int, list[str]]) -> list[int]:
    """Return which rows are headers of another width or order: half the titles or more."""
    least = max(len(entry.items), 2)
    return [place for place, row in rows.items() if 2 * recognised(entry, row) >= least]


def _normal(cells: Iterable[str | None]) -> list[str]:
    return [normal(cell or "") for cell in cells]
