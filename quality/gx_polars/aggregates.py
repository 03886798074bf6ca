"""Expectations about a batch as a whole that Great Expectations has no stock class for.

Keep out: their metrics (coverage.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from great_expectations.expectations.expectation import ColumnAggregateExpectation


class ExpectColumnGroupsToSpeak(ColumnAggregateExpectation):
    """Expect each usual group to have rows, and not less than a share of its usual number."""

    usual: dict[str, float] = {}  # noqa: RUF012 - pydantic copies it
    ratio: float = 0.0
    table: str | None = None
    at: str | None = None
    group: str | None = None
    characters: int | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = ("column.group_counts",)
    success_keys: ClassVar[tuple[str, ...]] = (
        "usual", "ratio", "table", "at", "group", "characters",
    )  # fmt: skip

    def _validate(self, metrics: Mapping[str, Any], *_: object, **__: object) -> dict[str, Any]:
        counts = metrics["column.group_counts"]
        silent = [
            name
            for name, rows in self.usual.items()
            if counts.get(name, 0) == 0 or counts[name] < self.ratio * rows
        ]
        said = ", ".join(f"{name} ({counts.get(name, 0)})" for name in silent)
        return _result(not silent, said or f"{len(counts)} groups", counts)


class ExpectColumnToCover(ColumnAggregateExpectation):
    """Expect a column to hold every expected value: listed ones, days, or those of a table."""

    value_set: list[str] | None = None
    days: bool = False
    table: str | None = None
    at: str | None = None
    since: str | None = None
    until: str | None = None
    period: str | None = None
    named: bool = True
    max_missing: float = 0.0

    metric_dependencies: ClassVar[tuple[str, ...]] = ("column.missing",)
    success_keys: ClassVar[tuple[str, ...]] = (
        "value_set", "days", "table", "at", "since", "until", "period", "named", "max_missing",
    )  # fmt: skip

    def _validate(self, metrics: Mapping[str, Any], *_: object, **__: object) -> dict[str, Any]:
        found = metrics["column.missing"]
        named = "".join(f" {name}" for name in found["named"])
        said = f"{found['missing']} / {found['expected']}{named and ':'}{named}"
        enough = found["missing"] <= self.max_missing * found["expected"]
        figures = {"value": found["missing"], "expected": found["expected"]}
        return _result(enough, said, figures)


class ExpectColumnShareOfValuesToBeBetween(ColumnAggregateExpectation):
    """Expect the share of rows with one of some values to lie between bounds; of no rows any."""

    value_set: list[Any]
    min_value: float | None = None
    max_value: float | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = ("column.share_in_set",)
    success_keys: ClassVar[tuple[str, ...]] = ("value_set", "min_value", "max_value")

    def _validate(self, metrics: Mapping[str, Any], *_: object, **__: object) -> dict[str, Any]:
        share = metrics["column.share_in_set"]
        if share is None:
            return _result(True, "no rows", {})
        least = 0.0 if self.min_value is None else self.min_value
        most = 1.0 if self.max_value is None else self.max_value
        return _result(least <= share <= most, round(share, 6), {"value": share})


def _result(success: bool, observed: object, figures: Mapping[str, float]) -> dict[str, Any]:
    return {
        "success": success,
        "result": {"observed_value": observed, "details": {"figures": dict(figures)}},
    }
