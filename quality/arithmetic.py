"""Arithmetic between the items of a row: sums, products, bills by tariff.

Keep out: Great Expectations' classes (expectations.py), successive readings (gx_polars).
"""

from __future__ import annotations

import datetime as dt
from functools import reduce

import polars as pl

from quality.gx_polars.keys import days
from quality.gx_polars.providers import Asked

NOISE = 1e-9  # of decimals compared as floats
EXACT = 30  # digits of decimals whose sums fit the widest decimal for certain


def total(asked: Asked) -> pl.Expr:
    """Tell where the first column is the sum of the others; a missing part counts as zero."""
    amount, *parts = asked.columns
    summed = pl.sum_horizontal([part.fill_null(0) for part in parts])
    if all(isinstance(t, pl.Decimal) and (t.precision or 38) <= EXACT for t in asked.types):
        # Exact, so without noise, and one cast instead of three.
        apart = (amount - summed).cast(pl.Float64).abs()
        return amount.is_null() | (apart <= float(asked.values["tolerance"]) + NOISE)
    return _near(amount, summed.cast(pl.Float64), asked)


def product(asked: Asked) -> pl.Expr:
    """Tell where the first column is the product of the others."""
    amount, *factors = asked.columns
    made = reduce(lambda a, b: a * b, [factor.cast(pl.Float64) for factor in factors])
    return _near(amount, made, asked)


def bill(asked: Asked) -> pl.Expr:
    """Tell where the first column is quantities times the rates of the day, which is last."""
    amount, *quantities, _ = asked.columns
    numbers = [quantity.cast(pl.Float64).fill_null(0) for quantity in quantities]
    day, _ = days(asked.names[-1], asked.types[-1], None)
    due = pl.lit(None, pl.Float64)
    for first, last, rates in asked.values["rates"]:
        holds = day >= dt.date.fromisoformat(first)
        if last is not None:
            holds &= day <= dt.date.fromisoformat(last)
        price = pl.sum_horizontal([n * r for n, r in zip(numbers, rates, strict=True)])
        due = pl.when(holds).then(price).otherwise(due)
    return day.is_null() | _near(amount, due, asked)


def _near(amount: pl.Expr, wanted: pl.Expr, asked: Asked) -> pl.Expr:
    """Tell where an amount is as wanted, but for the tolerance; an absent one is not judged."""
    given = amount.cast(pl.Float64)
    allowed = pl.lit(float(asked.values["tolerance"])) + NOISE * (1 + given.abs())
    return amount.is_null() | ((given - wanted).abs() <= allowed)
