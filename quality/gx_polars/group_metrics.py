"""Rules that need other rows or other tables: uniqueness, references, readings of a counter.

Keep out: their evaluation (duplicates.py, settle.py); here they are only described.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from quality.gx_polars.plan import Booleans, Lookup, RowRule, SeriesRule, Steps, UniqueRule
from quality.gx_polars.providers import MULTI, Asked, rule
from quality.gx_polars.readings import Counter

Judge = Callable[[Steps], Booleans]

COUNTER = ("by", "order", "rollover", "usage", "tolerance", "step", "history")


class MissingTableError(LookupError):
    """A rule refers to a table, or to a column of it, that was not given with the batch."""


def _unique(asked: Asked) -> UniqueRule:
    one = len(asked.names) == 1
    ignored = asked.domain.get("ignore_row_if")
    passing = one or ignored in ("any_value_is_missing", "either_value_is_missing")
    scope = asked.scope
    if not passing and ignored != "never":
        present = asked.kept("ignore")
        scope = present if scope is None else scope
    return UniqueRule(asked.key, asked.names, not passing, asked.kept("ignore"), scope, asked.shown)


def _exist_in(asked: Asked) -> RowRule:
    name, at = asked.values["table"], tuple(asked.values["at"])
    table = asked.batch.given.tables.get(name)
    if table is None:
        raise MissingTableError(f"table {name} was not given: release it first")
    missing = [column for column in at if column not in table.collect_schema()]
    if missing or len(at) != len(asked.names):
        raise MissingTableError(f"table {name} has no columns {', '.join(missing or at)}")
    found = f"__found_{'_'.join(asked.key[1:])}"
    kept = asked.kept("ignore")
    bad = ~pl.col(found).fill_null(value=False)
    return RowRule(
        asked.key,
        bad if kept is None else bad & kept,
        kept,
        asked.shown,
        Lookup(found, asked.names, table, at),
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
    rule("column_values.counter_runs_on", _runs_on, values=COUNTER)
    rule("column_values.usage_agrees", _agrees, values=(*COUNTER, "reading"))
