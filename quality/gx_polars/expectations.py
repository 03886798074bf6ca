"""Expectations that Great Expectations has no stock class for and the engine can judge.

Keep out: identifiers and wording of one country.
"""

from __future__ import annotations

from typing import ClassVar

from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    MulticolumnMapExpectation,
)

AS_OF = ("table", "at", "since", "until", "time_zone")


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


class ExpectMulticolumnValuesToExistAsOf(MulticolumnMapExpectation):
    """Expect values to stand together in another table on a day, which is the last column.

    A row of the table counts from `since` to `until`, both included; without an end for ever.
    """

    table: str
    at: list[str]
    since: str
    until: str | None = None
    time_zone: str | None = None

    map_metric: ClassVar[str] = "multicolumn_values.exist_as_of"
    success_keys: ClassVar[tuple[str, ...]] = (*AS_OF, "mostly")


class ExpectColumnPrefixToExistIn(ColumnMapExpectation):
    """Expect the first characters of a column to stand in a column of a small other table."""

    characters: int
    table: str
    at: list[str]

    map_metric: ClassVar[str] = "column_values.prefix_exists_in"
    success_keys: ClassVar[tuple[str, ...]] = ("characters", "table", "at", "mostly")


class ExpectMulticolumnIntervalsNotToOverlap(MulticolumnMapExpectation):
    """Expect the periods of one key not to overlap; they may meet, an absent end is open.

    Those of `history` count too, but for rows that one of the batch with the same `own` replaces.
    """

    since: str
    until: str
    history: str | None = None
    own: list[str] = []  # noqa: RUF012 - pydantic copies it
    turn: str | None = None

    map_metric: ClassVar[str] = "multicolumn_values.intervals_apart"
    success_keys: ClassVar[tuple[str, ...]] = (
        "since", "until", "history", "own", "turn", "mostly",
    )  # fmt: skip


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
