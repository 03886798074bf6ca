"""Columns as numbers that sort fast: 64-bit hashes of keys, and orders in time as integers.

Keep out: what equal hashes mean; whoever finds them compares the values themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

MIX = 0x9E3779B97F4A7C15  # 2^64 / golden ratio: spreads the hashes of earlier columns
EPOCH = dt.date(1970, 1, 1)


def hashed(columns: Sequence[str], *, nulls_equal: bool = False) -> pl.Expr:
    """Return a hash of several columns, null where one of them is null unless nulls are equal."""
    number = pl.col(columns[0]).hash()
    for name in columns[1:]:
        number = number * pl.lit(MIX, pl.UInt64) + pl.col(name).hash()
    if nulls_equal:
        return number
    whole = pl.all_horizontal([pl.col(name).is_not_null() for name in columns])
    return pl.when(whole).then(number)


def ordinal(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return an order as an integer: days of a date, months of `YYYY-MM`, microseconds."""
    value = pl.col(column)
    if dtype == pl.Date:
        return value.cast(pl.Int32).cast(pl.Int64)
    if dtype == pl.String:
        year = value.str.extract(r"^(\d{4})-?\d{2}$").cast(pl.Int64)
        month = value.str.extract(r"^\d{4}-?(\d{2})$").cast(pl.Int64)
        return year * 12 + month - 1
    if isinstance(dtype, pl.Datetime):
        return value.dt.epoch("us")
    if dtype.is_integer():
        return value.cast(pl.Int64)
    raise TypeError(f"column {column} of type {dtype} gives no order in time")


def days(column: str, dtype: pl.DataType, time_zone: str | None) -> tuple[pl.Expr, pl.Expr]:
    """Return the first and the last day that a date, an instant or a month `YYYY-MM` stands for."""
    value = pl.col(column)
    if dtype == pl.String:
        first = (value + "-01").str.to_date("%Y-%m-%d", strict=False)
        return first, first.dt.month_end()
    if isinstance(dtype, pl.Datetime):
        local = value if time_zone is None else value.dt.convert_time_zone(time_zone)
        return local.dt.date(), local.dt.date()
    if dtype != pl.Date:
        raise TypeError(f"column {column} of type {dtype} names no day")
    return value, value


def from_ordinal(number: int, dtype: pl.DataType) -> pl.Expr:
    """Return the value whose ordinal this is, as a literal that file statistics can be held to."""
    if dtype == pl.Date:
        return pl.lit(EPOCH + dt.timedelta(days=number))
    if dtype == pl.String:
        return pl.lit(f"{number // 12:04d}-{number % 12 + 1:02d}")
    return pl.lit(number).cast(dtype)


def near(dtype: pl.DataType) -> int:
    """Return how far back, as an ordinal, the latest reading of a series usually lies."""
    if isinstance(dtype, pl.Datetime):
        return 40 * 86_400_000_000
    return 3 if dtype == pl.String else 40
