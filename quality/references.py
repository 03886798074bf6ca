"""Which values a reference rule finds in the table that it names, asked apart from any gate.

So it is told which rows another state of that table would judge otherwise.
Keep out: which deliveries those are of (orchestration), and judging itself.
"""

from __future__ import annotations

import polars as pl

from catalog.rules import Reference
from catalog.schema import CITY_ZONE
from quality.gx_polars.keys import days
from quality.gx_polars.lookups import look_up, merged, period_ends
from quality.gx_polars.plan import Lookup, Periods
from quality.rule_checks.of_rule import label

FOUND = "_found"


def label_of(rule: Reference) -> str:
    """Return what a row carries that the rule refuses."""
    return label(rule, *rule.columns())


def found(rows: pl.LazyFrame, rule: Reference, table: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that the rule speaks of, each with whether its values stand in the table."""
    spoken = rows.drop_nulls(list(rule.columns()))
    schema = spoken.collect_schema()
    looked = look_up(spoken, Lookup(FOUND, rule.items, table, rule.at, _periods(rule, schema)))
    return looked.with_columns(pl.col(FOUND).fill_null(value=False))


def changed_keys(rule: Reference, one: pl.LazyFrame, other: pl.LazyFrame) -> pl.DataFrame:
    """Return the keys that do not stand alike, or not at the same times, in two states."""
    known = [_told(rule, rows) for rows in (one, other)]
    names = known[0].columns
    apart = [
        mine.join(theirs, on=names, how="anti", nulls_equal=True)
        for mine, theirs in (known, reversed(known))
    ]
    return pl.concat(apart).select(rule.at).unique()


def _told(rule: Reference, rows: pl.LazyFrame) -> pl.DataFrame:
    names = list(rule.at)
    if rule.as_of is None:
        return rows.select(names).drop_nulls().unique().collect(engine="streaming")
    periods = Periods(rule.as_of.since, rule.as_of.until, pl.lit(None), pl.lit(None))
    whole = merged(rows.select(*names, *period_ends(periods)), names)
    return whole.explode("since", "until")


def _periods(rule: Reference, schema: pl.Schema) -> Periods | None:
    if rule.as_of is None:
        return None
    first, last = days(rule.as_of.item, schema[rule.as_of.item], CITY_ZONE)
    return Periods(rule.as_of.since, rule.as_of.until, first, last)
