"""What a column covers: how often each group speaks, and which expected values are missing.

Keep out: the expectations that ask (aggregates.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from quality.gx_polars.lookups import FIRST, LAST
from quality.gx_polars.plan import Aggregate
from quality.gx_polars.providers import COLUMN, Asked, register
from quality.gx_polars.tables import given_table

NAMED = 20  # missing values that are named; all of them are counted
GROUPS = ("table", "at", "group", "characters")
EXPECTED = ("value_set", "days", "table", "at", "since", "until", "period", "named")


def _in_scope(asked: Asked) -> pl.Expr:
    rows, column = asked.scope, asked.columns[0]
    return (column if rows is None else column.filter(rows)).drop_nulls()


def _group_counts(asked: Asked) -> Aggregate:
    """Count rows by value, or, through a table, distinct values by what they stand for there."""
    if asked.values["table"] is None:
        counts = _in_scope(asked).cast(pl.String).value_counts(name="rows").implode()
        return Aggregate(counts, lambda found: _counted(pl.Series(found).struct.unnest()))
    at, group = asked.values["at"], asked.values["group"]
    named = pl.col(group).cast(pl.String)
    if asked.values["characters"] is not None:
        named = named.str.slice(0, asked.values["characters"])
    known = given_table(asked, at, group).select(pl.col(at), named.alias("group")).unique(at)

    def through(found: list[Any]) -> Mapping[str, int]:
        spoke = pl.LazyFrame({at: found}, schema={at: asked.types[0]})
        by_group = spoke.join(known, on=at).group_by("group").agg(rows=pl.len())
        return _counted(by_group.drop_nulls().collect())

    return Aggregate(_in_scope(asked).unique().implode(), through)


def _counted(frame: pl.DataFrame) -> Mapping[str, int]:
    return {str(name): int(rows) for name, rows in sorted(frame.iter_rows())}


def _missing(asked: Asked) -> Aggregate:
    """Compare the values of a column with those that are expected of it."""
    period = asked.values["period"]
    asked.require([period] if period else [])
    span = pl.col(period) if period else pl.lit(None, pl.Date)
    answer = pl.struct(
        _in_scope(asked).unique().implode().alias("present"),
        span.min().alias("first"),
        span.max().alias("last"),
    )
    expected = _expected(asked)

    def compare(found: Mapping[str, Any]) -> Mapping[str, Any]:
        present = pl.Series(found["present"], dtype=asked.types[0])
        present = present.cast(pl.Date) if asked.values["days"] else present
        wanted = expected(present, _day(found["first"]), _day(found["last"], end=True))
        missing = wanted.filter(~wanted.is_in(present.implode())).sort()
        names = missing.head(NAMED).cast(pl.String).to_list() if asked.values["named"] else []
        return {"expected": len(wanted), "missing": len(missing), "named": names}

    return Aggregate(answer, compare)


def _expected(asked: Asked) -> Callable[[pl.Series, dt.date, dt.date], pl.Series]:
    """Return what gives the expected values, once it is known which days the batch speaks of."""
    dtype = asked.types[0]
    if asked.values["days"]:
        return lambda present, first, last: _days(present)
    if asked.values["table"] is None:
        values = pl.Series(asked.values["value_set"], dtype=pl.String).cast(dtype).unique()
        return lambda present, first, last: values
    return lambda present, first, last: _standing(asked, first, last).cast(dtype)


def _days(present: pl.Series) -> pl.Series:
    """Return every day from the first to the last that is there."""
    if present.is_empty():
        return present
    span: Any = (present.min(), present.max())
    days: pl.Series = pl.date_range(*span, eager=True)
    return days


def _standing(asked: Asked, first: dt.date, last: dt.date) -> pl.Series:
    """Return the values of a table whose rows hold on any of the days."""
    at, since, until = (asked.values[word] for word in ("at", "since", "until"))
    ends = [name for name in (since, until) if name]
    rows = given_table(asked, at, *ends)
    begins = pl.col(since).cast(pl.Date).fill_null(FIRST) if since else pl.lit(FIRST)
    over = pl.col(until).cast(pl.Date) if until else pl.lit(None, pl.Date)
    # Where one row says that it ended and another does not, it ended.
    stated = rows.group_by(at, begins.alias("begins")).agg(over.min().fill_null(LAST).alias("over"))
    held = stated.filter(pl.col("begins") <= last, pl.col("over") >= first)
    return held.select(at).drop_nulls().unique().collect(engine="streaming").to_series()


def _day(written: Any, *, end: bool = False) -> dt.date:  # noqa: ANN401 - of any period column
    """Return the day that a bound of the period is; of no period, all days there are."""
    if written is None:
        return LAST if end else FIRST
    if isinstance(written, dt.datetime):
        return written.date()
    if isinstance(written, str):
        first = dt.date.fromisoformat(f"{written}-01")
        following = (first + dt.timedelta(days=32)).replace(day=1)
        return following - dt.timedelta(days=1) if end else first
    day: dt.date = written
    return day


def _share(asked: Asked) -> Aggregate:
    rows, column = asked.scope, asked.columns[0]
    inside = column.cast(pl.String).is_in(list(map(str, asked.values["value_set"])))
    judged = inside if rows is None else inside.filter(rows)
    return Aggregate(judged.fill_null(value=False).mean())


def register_coverage_metrics() -> None:
    """Register the metrics of groups, missing values and shares."""
    register("column.group_counts", COLUMN, GROUPS, _group_counts)
    register("column.missing", COLUMN, EXPECTED, _missing)
    register("column.share_in_set", COLUMN, ("value_set",), _share)
