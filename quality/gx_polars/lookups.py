"""Lookups: values that stand in a table, and as of a day, in a period that the day lies in.

Keep out: when lookups run (passes.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from quality.gx_polars.plan import Lookup, Periods

FIRST, LAST = dt.date.min, dt.date.max  # of a period without beginning or end


def look_up(frame: pl.LazyFrame, lookup: Lookup) -> pl.LazyFrame:
    """Mark rows whose values stand in a table; the table is held in memory, the rows stream."""
    if lookup.periods is not None:
        return _look_up_as_of(frame, lookup, lookup.periods)
    own = frame.collect_schema()
    if len(lookup.columns) == 1:
        # A set costs half of a join here: the row is not built anew from both sides.
        (here,), (there,) = lookup.columns, lookup.at
        values = lookup.table.select(pl.col(there).cast(own[here])).unique()
        known = values.collect(engine="streaming").to_series()
        return frame.with_columns(pl.col(here).is_in(known.implode()).alias(lookup.found))
    names = [f"{lookup.found}_{n}" for n in range(len(lookup.at))]
    marked = (
        lookup.table.select(
            pl.col(there).cast(own[here]).alias(name)
            for here, there, name in zip(lookup.columns, lookup.at, names, strict=True)
        )
        .unique()
        .with_columns(pl.lit(value=True).alias(lookup.found))
    )
    return frame.join(marked, left_on=list(lookup.columns), right_on=names, how="left")


def _look_up_as_of(frame: pl.LazyFrame, lookup: Lookup, periods: Periods) -> pl.LazyFrame:
    """Mark rows whose values stand in a table on their day; the table is held in memory.

    Each key's periods lie side by side, so that the rows stream through one join.
    """
    own = frame.collect_schema()
    names = [f"{lookup.found}_{n}" for n in range(len(lookup.at))]
    keys = [
        pl.col(there).cast(own[here]).alias(name)
        for here, there, name in zip(lookup.columns, lookup.at, names, strict=True)
    ]
    known = merged(lookup.table.select(*keys, *period_ends(periods)), names)
    most = int(known.select(pl.col("since").list.len().max()).item() or 0)
    begins = [f"{lookup.found}_since{n}" for n in range(most)]
    ends = [f"{lookup.found}_until{n}" for n in range(most)]
    wide = known.select(
        *names,
        *(pl.col("since").list.get(n, null_on_oob=True).alias(c) for n, c in enumerate(begins)),
        *(pl.col("until").list.get(n, null_on_oob=True).alias(c) for n, c in enumerate(ends)),
    )
    joined = frame.join(wide.lazy(), left_on=list(lookup.columns), right_on=names, how="left")
    inside = [
        ((pl.col(since) <= periods.last) & (pl.col(until) >= periods.first)).fill_null(value=False)
        for since, until in zip(begins, ends, strict=True)
    ]
    found = pl.any_horizontal(inside) if inside else pl.lit(value=False)
    return joined.with_columns(found.alias(lookup.found)).drop(begins + ends)


def period_ends(periods: Periods) -> tuple[pl.Expr, pl.Expr]:
    """Return since when and until when each row of a table holds."""
    since = pl.col(periods.since).cast(pl.Date).fill_null(FIRST).alias("since")
    if periods.until is None:
        return since, pl.lit(LAST).alias("until")
    return since, pl.col(periods.until).cast(pl.Date).alias("until")


def merged(rows: pl.LazyFrame, names: list[str]) -> pl.DataFrame:
    """Return the periods of each key as two lists, those that touch or overlap made one.

    Where one row says that a period ended and another does not, it ended.
    """
    stated = rows.drop_nulls(names).group_by(*names, "since").agg(pl.col("until").min())
    ordered = stated.with_columns(pl.col("until").fill_null(LAST)).sort(*names, "since")
    before = pl.col("until").cum_max().shift(1).over(names)
    apart = (pl.col("since") > before).fill_null(value=True)
    one = ordered.with_columns(apart.cum_sum().over(names).alias("part"))
    whole = one.group_by(*names, "part").agg(pl.col("since").min(), pl.col("until").max())
    return whole.group_by(names).agg("since", "until").collect(engine="streaming")
