"""What came before the batch: for each series of the batch the readings that can precede it.

Keep out: judging (settle.py).
"""

from __future__ import annotations

import polars as pl

from quality.gx_polars.frame import TURN, GateFrame
from quality.gx_polars.keys import from_ordinal, hashed, near, ordinal
from quality.gx_polars.plan import SeriesRule

TURNS = 1 << 40  # more than deliveries there are
SCHEMA = {"series": pl.UInt64, "order": pl.Int64, "value": pl.Float64}


def before(given: GateFrame, rule: SeriesRule, rows: pl.DataFrame) -> pl.DataFrame:
    """Return `series`, `order`, `value` of the rows of history that may precede these rows."""
    history = given.tables.get(rule.history or "")
    if history is None or rows.height == 0:
        return pl.DataFrame(schema=SCHEMA)
    low, high = int(rows["order"].min()), int(rows["order"].max())  # type: ignore[arg-type]
    series = rows.select("series").unique()
    between = _between(_read(history, rule, low, high), rows)
    dtype = history.collect_schema()[rule.order]
    recent = low - near(dtype)
    found = _latest(_read(history, rule, recent, low), series)
    missing = series.join(found, on="series", how="anti")
    parts = [between, found]
    if missing.height:
        # A whole history is read for these only: files without recent days skip by statistics.
        parts.append(_latest(_read(history, rule, None, recent), missing))
    return pl.concat(parts)


def _read(history: pl.LazyFrame, rule: SeriesRule, low: int | None, high: int) -> pl.LazyFrame:
    schema = history.collect_schema()
    dtype, order = schema[rule.order], pl.col(rule.order)
    turn = pl.col(TURN) if TURN in schema else pl.lit(0)
    rows = history.filter(order < from_ordinal(high, dtype))
    if low is not None:
        rows = rows.filter(order >= from_ordinal(low, dtype))
    return rows.select(
        series=hashed(rule.by),
        order=ordinal(rule.order, dtype),
        value=pl.col(rule.value).cast(pl.Float64),
        turn=turn.cast(pl.Int64),
    ).drop_nulls()


def _between(history: pl.LazyFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return what history says of times between these rows; of one time the last word counts."""
    same = rows.lazy().select("series", "order").unique()
    others = history.join(same.select("series").unique(), on="series", how="semi")
    told = others.join(same, on=["series", "order"], how="anti").sort("turn")
    last = told.unique(["series", "order"], keep="last", maintain_order=True)
    return last.drop("turn").collect(engine="streaming")


def _latest(rows: pl.LazyFrame, series: pl.DataFrame) -> pl.DataFrame:
    kept = rows.join(series.lazy(), on="series", how="semi")
    # Of deliveries that speak of one time the latest counts, however they came.
    newest = pl.col("order").cast(pl.Int128) * TURNS + pl.col("turn")
    last = kept.group_by("series").agg(pl.col("order").max(), pl.col("value").max_by(newest))
    return last.collect(engine="streaming")
