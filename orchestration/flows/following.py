"""The readings that follow some rows in their series, and the deliveries that hold them.

A later reading is judged by the one before it, so what comes in between touches only the next.
Keep out: which deliveries are later (depends.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from catalog.entry import Entry
from catalog.rules import Difference, Monotonic
from catalog.schema import DELIVERY
from orchestration.city import City
from orchestration.flows.refused_rows import refused_rows
from orchestration.graph import leads
from quality.gx_polars.keys import from_ordinal, near, ordinal

NEXT, SINCE = "_next", "_since"


@dataclass(frozen=True)
class Series:
    """A counter of a table: what tells its series, its order in time, and its reading."""

    by: tuple[str, ...]
    order: str
    value: str

    @property
    def columns(self) -> list[str]:
        """Return what places a row in its series."""
        return [*self.by, self.order]


def series_of(entry: Entry) -> Iterator[Series]:
    """Walk the counters that the rules of an entry refuse rows by."""
    for rule in entry.quality.rules:
        if isinstance(rule, Monotonic | Difference) and leads(entry, rule):
            value = rule.item if isinstance(rule, Monotonic) else rule.of
            yield Series(rule.by, rule.order, value)


def following(city: City, entry: Entry, ids: list[str], after: list[str]) -> set[str]:
    """Return those of later deliveries in which a reading follows one of these deliveries'."""
    held: set[str] = set()
    for series in dict.fromkeys(series_of(entry)):
        touched = _touched(city, entry, series, ids)
        if not touched.is_empty():
            held |= _next(city, entry, series, touched=touched, after=after)
    return held


def _touched(city: City, entry: Entry, series: Series, ids: list[str]) -> pl.DataFrame:
    """Return where rows of some deliveries stand in their series, refused ones too."""
    mine = pl.col(DELIVERY).is_in(ids)
    good = city.lake.scan("raw", entry.name).filter(mine).select(series.columns)
    bad = refused_rows(city, entry, series.columns, mine).select(series.columns)
    rows = pl.concat([good.collect(engine="streaming"), bad])
    return rows.drop_nulls().unique().sort(series.order)


def _next(
    city: City, entry: Entry, series: Series, *, touched: pl.DataFrame, after: list[str]
) -> set[str]:
    near_by = _accepted(city, entry, series, touched, after=after, is_near=True)
    ends = _ends(touched, near_by, series)
    missing = ends.filter(pl.col(NEXT).is_null())
    rows = near_by
    if missing.height:
        # All later files are read for these only; the rest is found by the bounds of files.
        far = _accepted(city, entry, series, missing, after=after, is_near=False)
        rows = pl.concat([near_by, far])
        ends = _ends(touched, rows.sort(series.order), series)
    places = ends.select(*series.by, pl.col(NEXT).alias(series.order))
    follow = rows.join(places, on=series.columns, how="semi")
    mine = pl.col(DELIVERY).is_in(after)
    refused = refused_rows(city, entry, series.columns, mine).drop_nulls(series.columns)
    since = ends.rename({series.order: SINCE})
    at = pl.col(series.order)
    between = refused.join(since, on=series.by).filter(
        (at > pl.col(SINCE)) & (pl.col(NEXT).is_null() | (at <= pl.col(NEXT)))
    )
    return {*follow[DELIVERY], *between[DELIVERY]}


def _accepted(
    city: City,
    entry: Entry,
    series: Series,
    touched: pl.DataFrame,
    *,
    after: list[str],
    is_near: bool,
) -> pl.DataFrame:
    """Return later readings of the same series: soon after the touched ones, or at any time."""
    order, dtype = pl.col(series.order), touched.schema[series.order]
    places = touched.select(ordinal(series.order, dtype)).to_series()
    low, high = int(places.min()), int(places.max()) + near(dtype)  # type: ignore[arg-type]
    rows = city.lake.scan("raw", entry.name).filter(
        order > from_ordinal(low, dtype), pl.col(DELIVERY).is_in(after)
    )
    if is_near:
        rows = rows.filter(order <= from_ordinal(high, dtype))
    told = rows.select(DELIVERY, *series.columns, series.value).drop_nulls().drop(series.value)
    same = touched.lazy().select(series.by).unique()
    mine = told.join(same, on=series.by, how="semi").unique()
    return mine.collect(engine="streaming").sort(series.order)


def _ends(touched: pl.DataFrame, rows: pl.DataFrame, series: Series) -> pl.DataFrame:
    """Return for each touched place the next reading of its series, null where there is none."""
    return touched.join_asof(
        rows.select(*series.columns, pl.col(series.order).alias(NEXT)),
        on=series.order,
        by=list(series.by),
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    ).select(*series.columns, NEXT)
