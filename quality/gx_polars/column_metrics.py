"""Metrics of a whole table or column: counts, bounds, moments, quantiles, distinct values.

Keep out: rules about single rows (row_metrics.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from quality.gx_polars.plan import Aggregate
from quality.gx_polars.providers import TABLE, Asked, aggregate, register
from quality.gx_polars.row_metrics import members

DISTINCT = 10_000  # values shown of a column at most
EXAMPLES = 20  # of values outside a set, when no limit is named


def _row_count(asked: Asked) -> Aggregate:
    rows = asked.scope
    return Aggregate(pl.len() if rows is None else rows.sum())


def _types(asked: Asked) -> list[dict[str, str]]:
    return [{"name": name, "type": str(dtype)} for name, dtype in asked.batch.schema.items()]


def _quantiles(column: pl.Expr, asked: Asked) -> pl.Expr:
    written = asked.values.get("allow_relative_error") or "nearest"
    method: Any = written if isinstance(written, str) else "nearest"
    return pl.concat_list([column.quantile(q, method) for q in asked.values["quantiles"]])


def _distinct(column: pl.Expr, _: Asked) -> pl.Expr:
    return column.drop_nulls().unique().sort().head(DISTINCT).implode()


def _outside(column: pl.Expr, asked: Asked) -> pl.Expr:
    known = members(asked.values["value_set"], asked.types[0])
    present = column.drop_nulls().unique()
    return present.filter(~present.is_in(known.implode())).sort()


def _missing(column: pl.Expr, asked: Asked) -> pl.Expr:
    known = pl.lit(members(asked.values["value_set"], asked.types[0]).unique().sort())
    return known.filter(~known.is_in(column.implode()))


def _shown(build: Callable[[pl.Expr, Asked], pl.Expr]) -> Callable[[pl.Expr, Asked], pl.Expr]:
    return lambda c, asked: build(c, asked).head(asked.values.get("limit") or EXAMPLES).implode()


def _counted(build: Callable[[pl.Expr, Asked], pl.Expr]) -> Callable[[pl.Expr, Asked], pl.Expr]:
    return lambda c, asked: build(c, asked).len()


def _share_of_distinct(column: pl.Expr, _: Asked) -> pl.Expr:
    present = column.drop_nulls()
    return present.n_unique() / present.len()


def _share_present(column: pl.Expr, _: Asked) -> pl.Expr:
    return column.count() / column.len()


def register_column_metrics() -> None:
    """Register metrics of tables and columns."""
    register("table.columns", TABLE, (), lambda asked: list(asked.batch.schema))
    register("table.column_count", TABLE, (), lambda asked: len(asked.batch.schema))
    register("table.column_types", TABLE, ("include_nested",), _types)
    register("table.row_count", TABLE, (), _row_count)
    aggregate("column.min", lambda c, _: c.min())
    aggregate("column.max", lambda c, _: c.max())
    # One refused reading of a billion must not move what the next delivery is compared with.
    aggregate("column.mean", lambda c, _: c.mean(), of_good=True)
    aggregate("column.sum", lambda c, _: c.sum(), of_good=True)
    aggregate("column.median", lambda c, _: c.median(), of_good=True)
    aggregate("column.standard_deviation", lambda c, _: c.std(), of_good=True)
    parts = ("quantiles", "allow_relative_error")
    aggregate("column.quantile_values", _quantiles, values=parts, of_good=True)
    aggregate("column.distinct_values", _distinct)
    aggregate("column.distinct_values.count", lambda c, _: c.drop_nulls().n_unique())
    for name, build in (("not_in_set", _outside), ("missing_from_column", _missing)):
        metric = f"column.distinct_values.{name}"
        aggregate(f"{metric}.count", _counted(build), values=("value_set",))
        aggregate(metric, _shown(build), values=("value_set", "limit"))
    aggregate("column.unique_proportion", _share_of_distinct)
    aggregate("column.non_null_proportion", _share_present)
