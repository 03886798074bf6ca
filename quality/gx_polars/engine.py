"""The execution engine: Great Expectations' metrics of a suite, answered in one streaming pass.

Keep out: what a metric means (providers.py) and how the pass is built (passes.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import polars as pl
from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.exceptions.exceptions import GreatExpectationsError, MetricResolutionError
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.registry import get_metric_provider

from quality.gx_polars.conditions import expression, scope
from quality.gx_polars.frame import GateFrame, RuleKey
from quality.gx_polars.passes import evaluate
from quality.gx_polars.plan import Aggregate, Ask, Question, RowRule, Rule

# What a metric's arguments, a table or a scan can make fail: the rule is then not judged.
FAILURES = (
    ArithmeticError,
    AttributeError,
    GreatExpectationsError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pl.exceptions.PolarsError,
)


@dataclass(frozen=True)
class Asked:
    """What metrics are without looking at rows, by id, and what they ask of the rows."""

    values: Mapping[Any, Any]
    questions: Mapping[Any, Question]  # by metric


class PolarsBatchData(BatchData):
    """A batch: the frame that was given, its schema, and what evaluating it came to."""

    def __init__(self, execution_engine: PolarsExecutionEngine, given: GateFrame) -> None:
        super().__init__(execution_engine=execution_engine)
        self.given = given
        self.schema = given.frame.collect_schema()
        self.probe = pl.LazyFrame(schema=self.schema)
        self.failure: Exception | None = None  # GX asks three times: do not scan again
        self.rules: dict[RuleKey, Rule] = {}  # each is asked about several times: built once
        self.probed: set[RuleKey] = set()


def rule_key(name: str, domain: dict[str, Any], values: dict[str, Any]) -> RuleKey:
    """Return what names one rule, whatever batch or summary metric asks for it."""

    def digest(words: dict[str, Any]) -> str:
        left_out = ("batch_id", "result_format")
        kept = sorted((k, v) for k, v in words.items() if v is not None and k not in left_out)
        return blake2b(repr(kept).encode(), digest_size=16).hexdigest()

    return name, digest(domain), digest(values or {})


class PolarsExecutionEngine(ExecutionEngine[pl.Expr]):
    """Evaluate metrics on a Polars lazy frame, all of a suite together."""

    def get_batch_data_and_markers(self, batch_spec: Any) -> tuple[PolarsBatchData, BatchMarkers]:  # noqa: ANN401
        """Take the frame out of a batch specification."""
        given = batch_spec.batch_data
        if isinstance(given, pl.DataFrame | pl.LazyFrame):
            given = GateFrame(given.lazy())
        batch_spec.batch_data = "PolarsLazyFrame"  # the specification is written into the result
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        return PolarsBatchData(self, given), BatchMarkers({"ge_load_time": stamp})

    def batch(self, domain: dict[str, Any]) -> PolarsBatchData:
        """Return the batch that a metric speaks of."""
        name = domain.get("batch_id") or self.batch_manager.active_batch_data_id
        found = self.batch_manager.batch_data_cache[str(name)]
        if not isinstance(found, PolarsBatchData):
            raise TypeError(f"batch {name} is {type(found).__name__}, not a Polars batch")
        return found

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> pl.LazyFrame:
        """Return the rows that a metric's domain names."""
        frame, rows = (
            self.batch(domain_kwargs).given.frame,
            scope(domain_kwargs.get("row_condition")),
        )
        return frame if rows is None else frame.filter(rows)

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[Any],
        metrics: dict[Any, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Answer every metric of a suite: plain ones at once, the rest in one pass a batch."""
        asked = self.asked(metrics_to_resolve)
        batches = {id(b): b for b in map(self._batch_of, asked.questions)}
        values = dict(asked.values)
        for batch in batches.values():
            own = {m: q for m, q in asked.questions.items() if self._batch_of(m) is batch}
            values.update(self.answers(batch, own))
        return values

    def asked(self, metrics: Iterable[Any]) -> Asked:
        """Return what metrics ask of their batches; MetricResolutionError names those that fail."""
        values: dict[Any, Any] = {}
        questions: dict[Any, Question] = {}
        failed, messages = [], []
        for metric in metrics:
            try:
                answer = self._ask(metric, self._batch_of(metric))
            except FAILURES as error:
                failed.append(metric)
                messages.append(f"{type(error).__name__}: {error}")
                continue
            if isinstance(answer, Aggregate | Ask):
                questions[metric] = answer
            else:
                values[metric.id] = answer
        if failed:
            # Great Expectations asks in the order of a set: the same failure reads the same.
            raise MetricResolutionError("; ".join(sorted(set(messages))), tuple(failed))
        return Asked(values, questions)

    def _batch_of(self, metric: Any) -> PolarsBatchData:  # noqa: ANN401
        return self.batch(metric.metric_domain_kwargs)

    def _ask(self, metric: Any, batch: PolarsBatchData) -> Any:  # noqa: ANN401
        provider, function = get_metric_provider(metric.metric_name, self)
        answer = function(
            cls=provider,
            execution_engine=self,
            metric_domain_kwargs=metric.metric_domain_kwargs,
            metric_value_kwargs=metric.metric_value_kwargs or {},
        )
        if isinstance(answer, Aggregate):
            batch.probe.select(answer.expression).collect_schema()
        elif isinstance(answer, Ask) and answer.rule.key not in batch.probed:
            _probe(batch.probe, answer.rule)
            batch.probed.add(answer.rule.key)
        return answer

    def answers(self, batch: PolarsBatchData, questions: Mapping[Any, Question]) -> dict[Any, Any]:
        """Evaluate what is asked of one batch in one pass; return the values by metric id."""
        if not questions:
            return {}
        if batch.failure is None:
            try:
                found = evaluate(batch.given, list(questions.values()))
                return {m.id: value for m, value in zip(questions, found, strict=True)}
            except FAILURES as error:
                batch.failure = error
        raise MetricResolutionError(str(batch.failure), tuple(questions)) from batch.failure

    def _comparison_condition_to_filter_clause(self, condition: Any) -> pl.Expr:  # noqa: ANN401
        return expression(condition)

    _nullity_condition_to_filter_clause = _comparison_condition_to_filter_clause
    _and_condition_to_filter_clause = _comparison_condition_to_filter_clause
    _or_condition_to_filter_clause = _comparison_condition_to_filter_clause


def _probe(empty: pl.LazyFrame, rule: Rule) -> None:
    """Resolve names and types without data, so that a bad rule fails before the scan."""
    if isinstance(rule, RowRule):
        found = [] if rule.lookup is None else [pl.lit(value=True).alias(rule.lookup.found)]
        empty.with_columns(found).select(rule.bad.alias("bad")).collect_schema()
