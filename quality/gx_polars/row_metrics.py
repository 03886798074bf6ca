"""Rules that one row answers by itself: the map metrics of the stock expectations.

Keep out: aggregates (column_metrics.py) and rules between rows (group_metrics.py).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import reduce
from typing import Any

import polars as pl

from quality.gx_polars.patterns import matches
from quality.gx_polars.providers import MULTI, PAIR, Asked, row_rule

LIMITS = ("min_value", "max_value", "strict_min", "strict_max")
FEW, SHORT = 8, 12  # words to compare with one by one, and bytes of a text that its view holds


def literal(value: Any, dtype: pl.DataType) -> pl.Expr:  # noqa: ANN401 - as the expectation has it
    """Return a limit as a literal that compares exactly with a column of this type."""
    if dtype.is_temporal() and isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if dtype == pl.Date and isinstance(value, dt.datetime):
        value = value.date()
    elif isinstance(dtype, pl.Datetime) and isinstance(value, dt.datetime):
        if dtype.time_zone is None:
            return pl.lit(value.replace(tzinfo=None))
        moment = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return pl.lit(moment.astimezone(dt.UTC)).dt.convert_time_zone(dtype.time_zone)
    elif isinstance(value, float) and dtype.is_decimal():
        value = Decimal(str(value))
    return pl.lit(value)


def members(values: Any, dtype: pl.DataType) -> pl.Series:  # noqa: ANN401 - as above
    """Return a set of values as a series of the column's type."""
    listed = [value for value in values if value is not None]
    if dtype == pl.String or not all(isinstance(value, str) for value in listed):
        return pl.Series(listed, dtype=dtype if listed else pl.Null, strict=False)
    return pl.Series(listed, dtype=pl.String).cast(dtype)


def between(column: pl.Expr, dtype: pl.DataType, asked: Asked) -> pl.Expr:
    """Return whether values lie between the limits that are asked for."""
    tests = [pl.lit(value=True)]
    low, high = asked.values["min_value"], asked.values["max_value"]
    if low is not None:
        limit = literal(low, dtype)
        tests.append(column > limit if asked.values["strict_min"] else column >= limit)
    if high is not None:
        limit = literal(high, dtype)
        tests.append(column < limit if asked.values["strict_max"] else column <= limit)
    return pl.all_horizontal(tests)


def _a_above_b(asked: Asked) -> pl.Expr:
    first, second = asked.columns
    return first >= second if asked.values["or_equal"] else first > second


def _matches(asked: Asked, regex: str) -> pl.Expr:
    pl.Series([""]).str.contains(regex)  # no look-around: say so now, not in the midst of the scan
    return matches(asked.columns[0], regex)


def _any_regex(asked: Asked) -> pl.Expr:
    tests = [_matches(asked, regex) for regex in asked.values["regex_list"]]
    join = pl.all_horizontal if asked.values["match_on"] == "all" else pl.any_horizontal
    return join(tests)


def _sums_to(asked: Asked) -> pl.Expr:
    total = reduce(lambda a, b: a + b, asked.columns)
    return total == literal(asked.values["sum_total"], asked.types[0])


def _equal(asked: Asked) -> pl.Expr:
    first, *rest = asked.columns
    return pl.all_horizontal([first == other for other in rest])


def _distinct_within(asked: Asked) -> pl.Expr:
    columns = asked.columns
    pairs = [(a, b) for n, a in enumerate(columns) for b in columns[n + 1 :]]
    return pl.all_horizontal([a.ne_missing(b) for a, b in pairs])


def _in_set(asked: Asked) -> pl.Expr:
    known = members(asked.values["value_set"], asked.types[0])
    short = [w for w in known.to_list() if isinstance(w, str) and len(w.encode()) <= SHORT]
    if asked.types[0] == pl.String and len(known) == len(short) in range(1, FEW + 1):
        # A short text lies in its view: comparing with each is a quarter of looking it up.
        return pl.any_horizontal([asked.columns[0] == word for word in short])
    return asked.columns[0].is_in(known.implode())


def register_row_metrics() -> None:
    """Register the row rules of the stock expectations."""
    row_rule("column_values.nonnull", lambda a: a.columns[0].is_not_null(), nulls="judge")
    row_rule("column_values.null", lambda a: a.columns[0].is_null(), nulls="judge")
    row_rule("column_values.in_set", _in_set, values=("value_set",))
    row_rule("column_values.not_in_set", lambda a: ~_in_set(a), values=("value_set",))
    row_rule(
        "column_values.between",
        lambda a: between(a.columns[0], a.types[0], a),
        values=LIMITS,
    )
    row_rule(
        "column_values.value_length.between",
        lambda a: between(a.columns[0].str.len_chars(), pl.UInt32(), a),
        values=LIMITS,
    )
    row_rule(
        "column_values.value_length.equals",
        lambda a: a.columns[0].str.len_chars() == a.values["value"],
        values=("value",),
    )
    row_rule(
        "column_values.match_regex",
        lambda a: _matches(a, a.values["regex"]),
        values=("regex",),
    )
    row_rule(
        "column_values.not_match_regex",
        lambda a: ~_matches(a, a.values["regex"]),
        values=("regex",),
    )
    row_rule("column_values.match_regex_list", _any_regex, values=("regex_list", "match_on"))
    row_rule("column_pair_values.equal", _equal, domain=PAIR)
    row_rule("column_pair_values.a_greater_than_b", _a_above_b, domain=PAIR, values=("or_equal",))
    row_rule("multicolumn_values.equal", _equal, domain=MULTI)
    row_rule("multicolumn_sum.equal", _sums_to, domain=MULTI, values=("sum_total",))
    row_rule("select_column_values.unique.within_record", _distinct_within, domain=MULTI)
