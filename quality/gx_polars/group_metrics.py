"""Rules that need other rows or other tables: uniqueness, references, readings of a counter.

Keep out: their evaluation (duplicates.py, settle.py); here they are only described.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from quality.gx_polars.keys import days
from quality.gx_polars.plan import (
    Booleans,
    IntervalRule,
    Lookup,
    Periods,
    RowRule,
    SeriesRule,
    Steps,
    UniqueRule,
)
from quality.gx_polars.providers import MULTI, Asked, row_rule, rule
from quality.gx_polars.readings import Counter
from quality.gx_polars.tables import MissingTableError, given_table

Judge = Callable[[Steps], Booleans]

AS_OF = ("table", "at", "since", "until", "time_zone")
PERIODS = ("since", "until", "history", "own", "turn")
COUNTER = ("by", "order", "rollover", "usage", "tolerance", "step", "history")


def _unique(asked: Asked) -> UniqueRule:
    one = len(asked.names) == 1
    ignored = asked.domain.get("ignore_row_if")
    passing = one or ignored in ("any_value_is_missing", "either_value_is_missing")
    scope = asked.scope
    if not passing and ignored != "never":
        present = asked.kept("ignore")
        scope = present if scope is None else scope
    return UniqueRule(asked.key, asked.names, not passing, asked.kept("ignore"), scope, asked.shown)


def _found(asked: Asked, lookup: Lookup) -> RowRule:
    kept = asked.kept("ignore")
    bad = ~pl.col(lookup.found).fill_null(value=False)
    return RowRule(asked.key, bad if kept is None else bad & kept, kept, asked.shown, lookup)


def _exist_in(asked: Asked) -> RowRule:
    return _found(asked, _lookup(asked, asked.names))


def _lookup(asked: Asked, names: tuple[str, ...], periods: Periods | None = None) -> Lookup:
    at = tuple(asked.values["at"])
    ends = () if periods is None else (periods.since, periods.until)
    table = given_table(asked, *at, *(end for end in ends if end is not None))
    if len(at) != len(names):
        raise MissingTableError(f"{len(names)} columns cannot stand in {len(at)}")
    return Lookup(f"__found_{'_'.join(asked.key[1:])}", names, table, at, periods)


def _exist_as_of(asked: Asked) -> RowRule:
    *names, day = asked.names
    first, last = days(day, asked.batch.schema[day], asked.values["time_zone"])
    periods = Periods(asked.values["since"], asked.values["until"], first, last)
    return _found(asked, _lookup(asked, tuple(names), periods))


def _prefix_exists(asked: Asked) -> pl.Expr:
    (column,) = asked.values["at"]
    known = given_table(asked, column).select(column).unique().collect().to_series()
    return asked.columns[0].str.slice(0, asked.values["characters"]).is_in(known.implode())


def _apart(asked: Asked) -> IntervalRule:
    since, until = asked.values["since"], asked.values["until"]
    by = tuple(name for name in asked.names if name not in (since, until))
    own = tuple(asked.values["own"] or ())
    asked.require([since, until, *own])
    return IntervalRule(
        asked.key,
        by,
        since,
        until,
        asked.kept("ignore"),
        asked.scope,
        asked.shown,
        asked.values["history"],
        own,
        asked.values["turn"],
    )


def _counter(asked: Asked) -> Counter:
    values = asked.values
    return Counter(
        rollover=None if values["rollover"] is None else float(values["rollover"]),
        usage=values["usage"],
        tolerance=float(values["tolerance"] or 0),
        step=values["step"],
    )


def _runs_on(asked: Asked) -> SeriesRule:
    counter = _counter(asked)
    return _series(asked, value=asked.names[0], judge=counter.runs_back)


def _agrees(asked: Asked) -> SeriesRule:
    counter = _counter(asked)
    return _series(asked, value=asked.values["reading"], judge=counter.disagrees)


def _series(asked: Asked, *, value: str, judge: Judge) -> SeriesRule:
    usage = asked.values["usage"]
    asked.require([value, *asked.values["by"], asked.values["order"], *([usage] if usage else [])])
    return SeriesRule(
        key=asked.key,
        by=tuple(asked.values["by"]),
        order=asked.values["order"],
        value=value,
        judge=judge,
        kept=asked.kept("ignore"),
        scope=asked.scope,
        shown=asked.shown,
        extra=(usage,) if usage else (),
        history=asked.values["history"],
    )


def register_group_metrics() -> None:
    """Register the rules between rows and between tables."""
    rule("column_values.unique", _unique)
    rule("compound_columns.unique", _unique, domain=MULTI)
    rule("column_values.exist_in", _exist_in, values=("table", "at"))
    rule("multicolumn_values.exist_in", _exist_in, domain=MULTI, values=("table", "at"))
    rule("multicolumn_values.exist_as_of", _exist_as_of, domain=MULTI, values=AS_OF)
    row_rule("column_values.prefix_exists_in", _prefix_exists, values=("characters", "table", "at"))
    rule("multicolumn_values.intervals_apart", _apart, domain=MULTI, values=PERIODS)
    rule("column_values.counter_runs_on", _runs_on, values=COUNTER)
    rule("column_values.usage_agrees", _agrees, values=(*COUNTER, "reading"))
