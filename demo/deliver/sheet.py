"""One delivery before it is encoded: text cells in record order, and marks on its odd records.

Keep out: which defects there are (defects.py) and bytes (encode.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from catalog.entry import Entry
from demo.deliver.defects import MARKS, Defect, Oddity, planted

PLACE = "_place"


@dataclass(frozen=True)
class Sheet:
    """Cells by item name, as text; `marks` are record, kind, expect, rule and bytes."""

    entry: Entry
    cells: pl.DataFrame
    marks: pl.DataFrame


def cells(entry: Entry, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the entry's items as the text that a unit would write, marks kept."""
    marks = [
        pl.col(mark) if mark in rows.columns else pl.lit(None, pl.String).alias(mark)
        for mark in MARKS
    ]
    return rows.select(*(_text(rows, item.name) for item in entry.items), *marks)


def _text(rows: pl.DataFrame, name: str) -> pl.Expr:
    if rows.schema[name].is_temporal() and rows.schema[name] != pl.Date:
        return pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S")
    return pl.col(name).cast(pl.String)


def compose(
    entry: Entry,
    rows: pl.DataFrame,
    *,
    spares: pl.DataFrame | None = None,
    defects: Sequence[Defect] = (),
    oddities: Sequence[Oddity] = (),
    rng: np.random.Generator,
) -> Sheet:
    """Return the sheet of good rows with oddities in them and defective copies of spare rows."""
    base = cells(entry, rows).with_columns(pl.int_range(pl.len()).cast(pl.Float64).alias(PLACE))
    parts = [base]
    for oddity in oddities:
        parts = _odd(parts, oddity, rng)
    if defects and spares is not None:
        parts += _bad(cells(entry, spares), defects, rng=rng, among=base.height)
    whole = pl.concat(parts).sort(PLACE, maintain_order=True) if len(parts) > 1 else parts[0]
    numbered = whole.drop(PLACE).with_row_index("record", offset=1)
    marks = numbered.filter(pl.col("_kind").is_not_null()).select(
        pl.col("record").cast(pl.Int64), *(pl.col(mark).alias(mark[1:]) for mark in MARKS)
    )
    return Sheet(entry, numbered.drop("record", *MARKS), marks)


def _odd(parts: list[pl.DataFrame], oddity: Oddity, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Write one good row oddly, or repeat it exactly right after itself."""
    base = parts[0]
    fits = pl.col("_kind").is_null() & pl.col(oddity.item).str.contains(oddity.shape)
    candidates = base.select(fits.fill_null(value=False)).to_series().arg_true()
    if not len(candidates):
        return parts
    row = candidates[int(rng.integers(len(candidates)))]
    one = base[row].with_columns(
        pl.lit(oddity.kind).alias("_kind"), pl.lit(oddity.expect).alias("_expect")
    )
    if oddity.edit is None:
        return [*parts, one.with_columns(pl.col(PLACE) + 0.125)]
    odd = one.with_columns(oddity.edit.alias(oddity.item))
    changed = [base[name].scatter(row, odd[name]) for name in (oddity.item, "_kind", "_expect")]
    return [base.with_columns(changed), *parts[1:]]


def _bad(
    spares: pl.DataFrame,
    defects: Sequence[Defect],
    *,
    rng: np.random.Generator,
    among: int,
) -> list[pl.DataFrame]:
    """Return defective rows, each made of spare rows of its own, at places among the good."""
    parts = []
    start = 0
    for defect in defects:
        bad = planted(defect, spares.slice(start, defect.donors))
        start += defect.donors
        place = among + 1.0 if defect.at_end else float(rng.integers(max(among, 1))) + 0.25
        parts.append(bad.with_columns(pl.lit(place).alias(PLACE)))
    return parts
