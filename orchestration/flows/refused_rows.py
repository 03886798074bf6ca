"""Rows of a resource that were refused, read once more into the types of their items.

Malformed records are left out: no rule but their shape was ever asked of them.
Keep out: why they were refused.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, ROW, RULES, SOURCE
from ingestion.conform.cells import conform
from orchestration.city import City


def refused_rows(city: City, entry: Entry, items: Collection[str], only: pl.Expr) -> pl.DataFrame:
    """Return delivery, rules and some items of the refused rows that a condition picks."""
    narrow = entry.model_copy(update={"items": tuple(i for i in entry.items if i.name in items)})
    names = [item.name for item in narrow.items]
    if not city.lake.exists("quarantine", entry.name):
        return _typed(pl.DataFrame(schema={DELIVERY: pl.String, RULES: pl.List(pl.String)}), narrow)
    table = city.lake.scan("quarantine", entry.name)
    has = table.collect_schema()
    cells = [pl.col(n) if n in has else pl.lit(None, pl.String).alias(n) for n in names]
    rows = table.filter(pl.col(SOURCE).is_null() & only).select(DELIVERY, RULES, *cells)
    return _typed(rows.collect(engine="streaming"), narrow)


def _typed(rows: pl.DataFrame, narrow: Entry) -> pl.DataFrame:
    names = [item.name for item in narrow.items]
    given = rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW),
        *(pl.lit(None, pl.String).alias(n) for n in names if n not in rows.columns),
    )
    serials = narrow.origin.format in {"xlsx", "xls"}
    typed = conform(given.lazy().select(ROW, *names), narrow, serials=serials).collect()
    told = given.select(ROW, DELIVERY, RULES)
    return told.join(typed.select(ROW, *names), on=ROW).drop(ROW)
