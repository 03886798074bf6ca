"""Metrics of how values are spread: outliers, partitions, histograms, counts of each value.

They keep the column in memory. Keep out: single figures (column_metrics.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import polars as pl

from quality.gx_polars.plan import Aggregate
from quality.gx_polars.providers import Asked, aggregate, register, row_rule
from quality.gx_polars.row_metrics import LIMITS, between

QUARTILES = (0.0, 0.25, 0.75, 1.0)
METHODS = ("iqr", "std")


def _near(asked: Asked) -> pl.Expr:
    """Return the values inside the window of a method; a column without a spread has no window."""
    if not (asked.types[0].is_numeric()):
        raise TypeError(f"column {asked.names[0]} of type {asked.types[0]} has no outliers")
    method, column = asked.values["method"] or "iqr", asked.columns[0].cast(pl.Float64)
    if method not in METHODS:
        raise ValueError(f"method {method!r}: one of {', '.join(METHODS)}")
    written = asked.values["multiplier"]
    times = 1.5 if written is None else float(written)
    kept = _known(asked).cast(pl.Float64)
    if method == "iqr":
        low, high = (kept.quantile(q, "linear") for q in QUARTILES[1:3])
        room = times * (high - low)
        inside = (column >= low - room) & (column <= high + room)
    else:
        middle, room = kept.mean(), times * kept.std()
        inside = pl.when(room <= 0).then(column == middle).otherwise((column - middle).abs() < room)
    return pl.when(room.is_null() | ~room.is_finite()).then(pl.lit(value=True)).otherwise(inside)


def _partition(column: pl.Expr, asked: Asked) -> pl.Expr:
    if asked.values["bins"] not in (None, "auto"):
        raise ValueError(f"bins {asked.values['bins']!r}: only auto is known to the Polars engine")
    spread = [column.cast(pl.Float64).quantile(q, "nearest") for q in QUARTILES]
    return pl.struct(column.count().alias("known"), pl.concat_list(spread).alias("spread"))


def _bins(found: Mapping[str, Any]) -> list[float]:
    """Return numpy's `auto` bins, worked out of quartiles as Great Expectations does."""
    from great_expectations.expectations.metrics.column_aggregate_metrics import column_partition

    metrics = {
        "column_values.nonnull.count": found["known"],
        "column.quantile_values": found["spread"],
    }
    made = column_partition._get_column_partition_using_metrics("auto", 10, metrics)
    return [float(edge) for edge in made]


def _histogram(column: pl.Expr, asked: Asked) -> pl.Expr:
    """Count values between edges as numpy does: the last bin holds its upper edge too."""
    edges = [float(edge) for edge in asked.values["bins"]]
    value, last = column.cast(pl.Float64), len(edges) - 2
    counts = [
        ((value >= low) & ((value <= high) if n == last else (value < high))).sum()
        for n, (low, high) in enumerate(pairwise(edges))
    ]
    return pl.concat_list(counts)


def _value_counts(column: pl.Expr, _: Asked) -> pl.Expr:
    return column.drop_nulls().value_counts(name="rows").implode()


def _as_pandas(found: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - the library reckons with it
    """Return counts as the expectation wants them: a series of pandas, in order of the values."""
    pairs = [tuple(pair.values()) for pair in found]
    counts = pl.DataFrame(pairs, schema=["value", "count"], orient="row").sort("value")
    return counts.to_pandas().set_index("value")["count"]


def _known(asked: Asked) -> pl.Expr:
    """Return the column in scope."""
    column = asked.columns[0]
    return column if asked.scope is None else column.filter(asked.scope)


def _count(asked: Asked) -> Aggregate:
    return Aggregate(_known(asked).count())


def _count_between(asked: Asked) -> Aggregate:
    limits = {word: asked.values.get(word) for word in LIMITS}
    held = replace(asked, values=limits)
    return Aggregate(between(_known(asked), asked.types[0], held).sum())


def register_distribution_metrics() -> None:
    """Register them."""
    row_rule("column_values.not_outliers", _near, values=("method", "multiplier"))
    parts = ("bins", "n_bins", "allow_relative_error")
    aggregate("column.partition", _partition, values=parts, finish=_bins)
    aggregate("column.histogram", _histogram, values=("bins",), finish=list)
    counted = ("sort", "collate")
    aggregate("column.value_counts", _value_counts, values=counted, finish=_as_pandas)
    register("column_values.nonnull.count", (), (), _count)  # as the stock has them
    register("column_values.between.count", (), LIMITS, _count_between)
