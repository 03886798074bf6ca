"""Periods of one key: which of them overlap.

Keep out: reading rows of one point in time (series.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from quality.gx_polars.plan import IntervalRule

PART = 4_000_000  # rows compared at once
OPEN = 2**62  # the end of a period without one


def key_name(rule: IntervalRule) -> str:
    """Return the side column with the hash of a row's key."""
    return f"series_{'+'.join(rule.by)}{'' if rule.scope is None else rule.key[1]}"


def overlapping(side: pl.LazyFrame, rule: IntervalRule, out: pl.Series, *, rows: int) -> pl.Series:
    """Return the rows whose period overlaps another one's; periods may meet on a day.

    Rows that another rule refuses, and rows in `out`, overlap nothing.
    """
    found = [pl.Series("row", [], pl.Int64)]
    for part in _parts(side, rule, rows=rows):
        kept = part.join(out.to_frame("row"), on="row", how="anti") if out.len() else part
        ordered = kept.sort("key", "since", "until")
        latest = pl.col("until").cum_max().shift(1).over("key")
        following = pl.col("since").shift(-1).over("key")
        over = (pl.col("since") < latest) | (following < pl.col("until"))
        found.append(ordered.filter(over.fill_null(value=False))["row"])
    return pl.concat(found)


def _parts(side: pl.LazyFrame, rule: IntervalRule, *, rows: int) -> Iterator[pl.DataFrame]:
    periods = side.select(
        "row",
        "bad",
        pl.col(key_name(rule)).alias("key"),
        pl.col(f"order_{rule.since}").alias("since"),
        pl.col(f"order_{rule.until}").fill_null(OPEN).alias("until"),
    )
    # A period that ends before it begins is another rule's affair.
    standing = periods.filter(~pl.col("bad"), pl.col("since") <= pl.col("until"))
    standing = standing.drop_nulls(["key", "since"])
    parts = max(1, -(-rows // PART))
    for part in range(parts):
        chosen = standing if parts == 1 else standing.filter(pl.col("key") % parts == part)
        yield chosen.collect(engine="streaming")
