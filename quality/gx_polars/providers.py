"""How a metric is told to Great Expectations: one question for each summary that it asks for.

Keep out: what single metrics mean (column_metrics, row_metrics, group_metrics).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl
from great_expectations.core.metric_function_types import MetricFunctionTypes
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import register_metric

from quality.gx_polars.conditions import scope
from quality.gx_polars.engine import PolarsBatchData, PolarsExecutionEngine, rule_key
from quality.gx_polars.frame import RuleKey
from quality.gx_polars.plan import Aggregate, Ask, RowRule, Rule

TABLE = ("batch_id", "table", "row_condition", "condition_parser")
COLUMN = ("batch_id", "table", "column", "row_condition", "condition_parser")
PAIR = (
    "batch_id", "table", "column_A", "column_B", "row_condition", "condition_parser",
    "ignore_row_if",
)  # fmt: skip
MULTI = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
SUFFIXES = (
    ".unexpected_count",
    ".unexpected_values",
    ".unexpected_index_list",
    ".unexpected_index_query",
    ".unexpected_rows",
    ".filtered_row_count",
)
EXAMPLES = 1000  # COMPLETE asks for all unexpected values; it is bounded on purpose

Nulls = Literal["ignore", "judge"]


class PolarsMetric(MetricProvider):
    """A metric without dependencies, so the whole suite reaches the engine in one call."""

    @classmethod
    def _get_evaluation_dependencies(cls, *_: object, **__: object) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Asked:
    """One metric as asked: its columns, its arguments and the batch."""

    name: str
    domain: Mapping[str, Any]
    values: Mapping[str, Any]
    batch: PolarsBatchData

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns of the domain, which must be there."""
        names = self.domain.get("column_list") or [
            self.domain[word] for word in ("column", "column_A", "column_B") if word in self.domain
        ]
        self.require(names)
        return tuple(names)

    def require(self, names: Sequence[str]) -> None:
        """Raise when the batch lacks one of these columns."""
        for name in names:
            if name not in self.batch.schema:
                raise KeyError(f"column {name} does not exist in the batch")

    @property
    def columns(self) -> tuple[pl.Expr, ...]:
        """Return the columns of the domain as expressions."""
        return tuple(pl.col(name) for name in self.names)

    @property
    def types(self) -> tuple[pl.DataType, ...]:
        """Return the types of the columns."""
        return tuple(self.batch.schema[name] for name in self.names)

    @property
    def key(self) -> RuleKey:
        """Return what names this rule, whatever is asked of it."""
        return rule_key(self.name, dict(self.domain), dict(self.values))

    @property
    def scope(self) -> pl.Expr | None:
        """Return the rows that the row condition names."""
        return scope(self.domain.get("row_condition"))

    @property
    def shown(self) -> pl.Expr:
        """Return what an example shows of an unexpected row."""
        return self.columns[0] if "column" in self.domain else pl.struct(self.columns)

    def kept(self, nulls: Nulls) -> pl.Expr | None:
        """Return the rows that the rule speaks of: by condition, and by what is null."""
        absent = [column.is_null() for column in self.columns]
        default = "all_values_are_missing"
        ignored = self.domain.get("ignore_row_if") or default
        present: pl.Expr | None = None
        if "column" in self.domain:
            present = ~absent[0] if nulls == "ignore" else None
        elif ignored in ("both_values_are_missing", default):
            present = ~pl.all_horizontal(absent)
        elif ignored in ("either_value_is_missing", "any_value_is_missing"):
            present = ~pl.any_horizontal(absent)
        rows = self.scope
        if rows is None or present is None:
            return present if rows is None else rows
        return present & rows


def register(
    name: str,
    domain: tuple[str, ...],
    values: tuple[str, ...],
    answer: Callable[[Asked], Any],
) -> None:
    """Teach Great Expectations one metric of the Polars engine."""
    base = name.rpartition(".")[0] if name.endswith(SUFFIXES) else name

    def call(
        *,
        execution_engine: PolarsExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: object,
    ) -> Any:  # noqa: ANN401 - whatever the metric is of
        batch = execution_engine.batch(metric_domain_kwargs)
        return answer(Asked(base, metric_domain_kwargs, metric_value_kwargs, batch))

    register_metric(
        name, domain, values, PolarsExecutionEngine, PolarsMetric, call, MetricFunctionTypes.VALUE
    )


def aggregate(
    name: str,
    build: Callable[[pl.Expr, Asked], pl.Expr],
    *,
    values: tuple[str, ...] = (),
    finish: Callable[[Any], Any] | None = None,
    of_good: bool = False,
) -> None:
    """Register a metric that is one aggregate over a column's rows in scope."""

    def answer(asked: Asked) -> Aggregate:
        rows, column = asked.scope, asked.columns[0]
        kept = column if rows is None else column.filter(rows)
        return Aggregate(build(kept, asked), finish, of_good)

    register(name, COLUMN, values, answer)


def rule(
    name: str,
    build: Callable[[Asked], Rule],
    *,
    domain: tuple[str, ...] = COLUMN,
    values: tuple[str, ...] = (),
) -> None:
    """Register all the metrics through which Great Expectations asks about one map rule."""
    formatted = (*values, "result_format")
    finish = _pairs if "column_A" in domain else None

    def built(asked: Asked) -> Rule:
        own, known = _arguments(asked, values), asked.batch.rules
        if (key := own.key) not in known:
            known[key] = build(own)
        return known[key]

    def count(asked: Asked) -> Ask:
        return Ask(built(asked), "count")

    def examples(asked: Asked) -> Ask | list[Any]:
        limit = _limit(asked.values.get("result_format"))
        rule = built(asked)
        return Ask(rule, "values", limit, finish) if limit else []

    def positions(asked: Asked) -> Ask | list[Any]:
        limit = _limit(asked.values.get("result_format"))
        rule = built(asked)
        return Ask(rule, "index", limit) if limit else []

    def kept(asked: Asked) -> Ask:
        return Ask(built(asked), "kept")

    register(f"{name}.unexpected_count", domain, values, count)
    register(f"{name}.unexpected_values", domain, formatted, examples)
    register(f"{name}.unexpected_index_list", domain, formatted, positions)
    register(f"{name}.unexpected_index_query", domain, formatted, lambda _: None)
    if domain is not COLUMN:
        register(f"{name}.filtered_row_count", domain, formatted, kept)


def _arguments(asked: Asked, values: tuple[str, ...]) -> Asked:
    return replace(asked, values={word: asked.values.get(word) for word in values})


def _limit(written: object) -> int:
    if not isinstance(written, dict) or written.get("result_format") == "COMPLETE":
        return EXAMPLES
    return int(written.get("partial_unexpected_count") or 0)


def _pairs(examples: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(example.values()) for example in examples]


def row_rule(
    name: str,
    test: Callable[[Asked], pl.Expr],
    *,
    domain: tuple[str, ...] = COLUMN,
    values: tuple[str, ...] = (),
    nulls: Nulls = "ignore",
) -> None:
    """Register a rule that each row answers by itself: `test` is true where it is as expected."""

    def build(asked: Asked) -> RowRule:
        kept = asked.kept(nulls)
        bad = ~test(asked).fill_null(value=False)
        return RowRule(asked.key, bad if kept is None else bad & kept, kept, asked.shown)

    rule(name, build, domain=domain, values=values)
