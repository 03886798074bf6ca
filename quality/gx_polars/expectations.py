"""Expectations that Great Expectations has no stock class for and the engine can judge.

Keep out: identifiers and wording of one country.
"""

from __future__ import annotations

from typing import ClassVar

from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    MulticolumnMapExpectation,
)


class ExpectColumnValuesToExistIn(ColumnMapExpectation):
    """Expect the values of a column to stand in a column of another table."""

    table: str
    at: list[str]

    map_metric: ClassVar[str] = "column_values.exist_in"
    success_keys: ClassVar[tuple[str, ...]] = ("table", "at", "mostly")


class ExpectMulticolumnValuesToExistIn(MulticolumnMapExpectation):
    """Expect the values of columns to stand together in another table."""

    table: str
    at: list[str]

    map_metric: ClassVar[str] = "multicolumn_values.exist_in"
    success_keys: ClassVar[tuple[str, ...]] = ("table", "at", "mostly")


class _CounterExpectation(ColumnMapExpectation):
    by: list[str]
    order: str
    rollover: float | None = None
    usage: str | None = None
    tolerance: float = 0.0
    step: int | None = None
    history: str | None = None


COUNTER = ("by", "order", "rollover", "usage", "tolerance", "step", "history", "mostly")


class ExpectColumnCounterToRunOn(_CounterExpectation):
    """Expect a counter never to run back within its series, but for its rollover."""

    map_metric: ClassVar[str] = "column_values.counter_runs_on"
    success_keys: ClassVar[tuple[str, ...]] = COUNTER


class ExpectColumnUsageToAgreeWithCounter(_CounterExpectation):
    """Expect a usage to be the difference of two neighbouring readings of its series."""

    reading: str

    map_metric: ClassVar[str] = "column_values.usage_agrees"
    success_keys: ClassVar[tuple[str, ...]] = (*COUNTER, "reading")
