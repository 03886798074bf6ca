"""Periods of one key: which of them overlap, in the batch or with what stands before it.

Keep out: reading rows of one point in time (series.py), and of history (standing.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from quality.gx_polars.frame import Table
from quality.gx_polars.plan import IntervalRule
from quality.gx_polars.standing import OPEN, standing

PART = 4_000_000  # rows compared at once


def key_name(rule: IntervalRule) -> str:
    """Return the side column with the hash of a row's key."""
    return f"series_{'+'.join(rule.by)}{'' if rule.scope is None else rule.key[1]}"


def own_name(rule: IntervalRule) -> str:
    """Return the side column with the hash of what a later row replaces an earlier one by."""
    return f"own_{'+'.join(rule.own)}"


def overlapping(table: Table, rule: IntervalRule, out: pl.Series, *, refuses: bool) -> pl.Series:
    """Return the rows whose period overlaps another one's; periods may meet on a day.

    Rows that another rule refuses, and rows in `out`, overlap nothing; nor does a row that is
    refused for what stands already.
    """
    found = [pl.Series("row", [], pl.Int64)]
    owns = _owns(table, rule, out)
    for part in _parts(table, rule):
        kept = part.join(out.to_frame("row"), on="row", how="anti") if out.len() else part
        beside = _beside(kept, standing(table.given, rule, kept, owns))
        found.append(beside)
        if refuses and beside.len():
            kept = kept.join(beside.to_frame(), on="row", how="anti")
        found.append(_among(kept))
    return pl.concat(found).unique()


def _among(rows: pl.DataFrame) -> pl.Series:
    """Return the rows that overlap others of the batch."""
    ordered = rows.sort("key", "since", "until")
    latest = pl.col("until").cum_max().shift(1).over("key")
    following = pl.col("since").shift(-1).over("key")
    over = (pl.col("since") < latest) | (following < pl.col("until"))
    return ordered.filter(over.fill_null(value=False))["row"]


def _beside(rows: pl.DataFrame, stands: pl.DataFrame) -> pl.Series:
    """Return the rows that overlap one that stands; two of one beginning overlap too."""
    both = pl.concat([rows.select("row", "key", "since", "until"), stands], how="diagonal")
    ordered = both.sort("key", "since", "until")
    stood = pl.col("row").is_null()
    latest = pl.when(stood).then(pl.col("until")).cum_max().forward_fill().shift(1).over("key")
    following = pl.when(stood).then(pl.col("since")).backward_fill().shift(-1).over("key")
    over = (pl.col("since") < latest) | (following < pl.col("until"))
    return ordered.filter(~stood & over.fill_null(value=False))["row"]


def _owns(table: Table, rule: IntervalRule, out: pl.Series) -> pl.DataFrame:
    """Return what the good rows of the batch take the place of."""
    if not rule.own or rule.history not in table.given.tables:
        return pl.DataFrame(schema={"own": pl.UInt64})
    good = table.side.filter(~pl.col("bad"))
    good = good.select("row", own=pl.col(own_name(rule))).drop_nulls()
    found = good.join(out.to_frame("row").lazy(), on="row", how="anti") if out.len() else good
    return found.select("own").collect(engine="streaming")


def _parts(table: Table, rule: IntervalRule) -> Iterator[pl.DataFrame]:
    periods = table.side.select(
        "row",
        "bad",
        pl.col(key_name(rule)).alias("key"),
        pl.col(f"order_{rule.since}").alias("since"),
        pl.col(f"order_{rule.until}").fill_null(OPEN).alias("until"),
    )
    # A period that ends before it begins is another rule's affair.
    proper = periods.filter(~pl.col("bad"), pl.col("since") <= pl.col("until"))
    proper = proper.drop_nulls(["key", "since"])
    parts = max(1, -(-table.rows // PART))
    for part in range(parts):
        own = pl.col("key") % parts == part
        chosen = proper if parts == 1 else proper.filter(own)
        yield chosen.collect(engine="streaming")
