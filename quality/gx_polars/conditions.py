"""Row conditions of Great Expectations as Polars expressions.

Keep out: rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    NullityCondition,
    Operator,
    OrCondition,
    deserialize_row_condition,
)

COMPARE: dict[Operator, Callable[[pl.Expr, Any], pl.Expr]] = {
    Operator.EQUAL: lambda column, value: column == value,
    Operator.NOT_EQUAL: lambda column, value: column != value,
    Operator.LESS_THAN: lambda column, value: column < value,
    Operator.LESS_THAN_OR_EQUAL: lambda column, value: column <= value,
    Operator.GREATER_THAN: lambda column, value: column > value,
    Operator.GREATER_THAN_OR_EQUAL: lambda column, value: column >= value,
    Operator.IN: lambda column, value: column.is_in(list(value)),
    Operator.NOT_IN: lambda column, value: ~column.is_in(list(value)),
}


def scope(written: Any) -> pl.Expr | None:  # noqa: ANN401 - Great Expectations gives what it has
    """Return the rows that a row condition speaks of, or None when it is all of them."""
    condition = deserialize_row_condition(written)
    if condition is None:
        return None
    if isinstance(condition, str):
        raise TypeError(f"row_condition {condition!r}: give a Condition, not a string")
    return expression(condition)


def expression(condition: object) -> pl.Expr:
    """Translate one condition; a comparison with null is false."""
    if isinstance(condition, ComparisonCondition):
        column = pl.col(condition.column.name)
        return COMPARE[condition.operator](column, condition.parameter).fill_null(value=False)
    if isinstance(condition, NullityCondition):
        column = pl.col(condition.column.name)
        return column.is_null() if condition.is_null else column.is_not_null()
    if isinstance(condition, AndCondition):
        return pl.all_horizontal([expression(c) for c in condition.conditions])
    if isinstance(condition, OrCondition):
        return pl.any_horizontal([expression(c) for c in condition.conditions])
    raise TypeError(f"row condition {type(condition).__name__} is not known to the Polars engine")
