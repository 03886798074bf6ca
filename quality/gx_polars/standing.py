"""What stands before the batch: periods of the batch's keys that no later row took the place of.

Keep out: judging them (intervals.py).
"""

from __future__ import annotations

import polars as pl

from quality.gx_polars.frame import GateFrame
from quality.gx_polars.keys import from_ordinal, hashed, ordinal
from quality.gx_polars.plan import IntervalRule

OPEN = 2**62  # the end of a period without one
SCHEMA = {"key": pl.UInt64, "since": pl.Int64, "until": pl.Int64}


def standing(
    given: GateFrame, rule: IntervalRule, rows: pl.DataFrame, owns: pl.DataFrame
) -> pl.DataFrame:
    """Return `key`, `since`, `until` of the rows of history that stand beside these rows.

    `owns` says which rows the batch takes the place of.
    """
    history = given.tables.get(rule.history or "")
    if history is None or rows.height == 0:
        return pl.DataFrame(schema=SCHEMA)
    found = _near(history, rule, rows)
    if rule.own:
        found = found.join(owns, on="own", how="anti")
        found = _latest(history, rule, found)
    return found.select(*SCHEMA)


def _near(history: pl.LazyFrame, rule: IntervalRule, rows: pl.DataFrame) -> pl.DataFrame:
    """Return periods of these rows' keys, without those that end before all of them begin."""
    schema = history.collect_schema()
    first = from_ordinal(int(rows["since"].min()), schema[rule.until])  # type: ignore[arg-type]
    until = pl.col(rule.until)
    periods = (
        history.filter(until.is_null() | (until > first))
        .select(
            key=hashed(rule.by),
            since=ordinal(rule.since, schema[rule.since]),
            until=ordinal(rule.until, schema[rule.until]).fill_null(OPEN),
            **_of_own(rule),
        )
        .drop_nulls(["key", "since"])
        .filter(pl.col("since") <= pl.col("until"))
    )
    keys = rows.lazy().select("key").unique()
    return periods.join(keys, on="key", how="semi").collect(engine="streaming")


def _of_own(rule: IntervalRule) -> dict[str, pl.Expr]:
    if not rule.own:
        return {}
    return {"own": hashed(rule.own), "turn": pl.col(rule.turn or "")}


def _latest(history: pl.LazyFrame, rule: IntervalRule, found: pl.DataFrame) -> pl.DataFrame:
    """Leave out what a later row took the place of, under whichever key that one stands."""
    if found.is_empty():
        return found
    owns = found.lazy().select("own").unique()
    every = history.select(**_of_own(rule)).join(owns, on="own", how="semi")
    last = every.group_by("own").agg(pl.col("turn").max().alias("last"))
    told = found.join(last.collect(engine="streaming"), on="own", how="left")
    return told.filter(pl.col("own").is_null() | (pl.col("turn") == pl.col("last")))
