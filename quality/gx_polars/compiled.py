"""Expectations worked out once, and then validated batch after batch.

Great Expectations' own validator builds each expectation, its configuration and the graph of its
metrics anew for every batch, and copies the results again and again: ten times what an empty
batch costs to evaluate. Keep out: evaluation (engine.py), and what expectations mean.
"""

from __future__ import annotations

import copy
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from great_expectations import __version__ as version
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.id_dict import IDDict
from great_expectations.exceptions.exceptions import MetricResolutionError
from great_expectations.util import convert_to_json_serializable
from great_expectations.validator.exception_info import ExceptionInfo
from great_expectations.validator.validation_statistics import calc_validation_statistics

from quality.gx_polars.engine import (
    FAILURES,
    Asked,
    PolarsBatchData,
    PolarsExecutionEngine,
    rule_key,
)
from quality.gx_polars.frame import GateFrame, RuleKey
from quality.gx_polars.memory import remembered
from quality.gx_polars.setup import ASSET, DATASOURCE, register

BATCH = f"{DATASOURCE}-{ASSET}"
NO_COLUMN = object()
KEPT = 256  # suites, each for one shape of batch, whose questions a process keeps
_ASKED: dict[Any, tuple[tuple[Compiled, ...], Asked]] = {}


@dataclass(frozen=True)
class Compiled:
    """One expectation on a batch: what it is called in results, and the metrics it asks for."""

    expectation: Any
    configuration: Any
    written: Mapping[str, Any]  # the configuration, JSON-ready
    metrics: Mapping[str, Any]  # metric configurations by name
    result_format: Mapping[str, Any]
    rule: RuleKey | None  # about rows; None where it judges the whole


@dataclass(frozen=True)
class Validation:
    """What a suite says of a batch: a result an expectation, and the document of them all."""

    results: tuple[ExpectationValidationResult, ...]
    document: dict[str, Any]


def compiled(expectation: Any, result_format: Mapping[str, Any]) -> Compiled:  # noqa: ANN401
    """Work out an expectation once and for all batches."""
    register()
    with remembered():
        named = copy.deepcopy(expectation.configuration)
        named.kwargs["batch_id"] = BATCH
        own = named.to_domain_obj()
        asked = own.get_validation_dependencies(
            execution_engine=PolarsExecutionEngine(),
            runtime_configuration={"result_format": dict(result_format)},
        )
        told = own.configuration
    written = convert_to_json_serializable(told.to_json_dict())
    metrics = dict(asked.metric_configurations)
    return Compiled(own, told, written, metrics, asked.result_format, _rule(own, metrics))


def _rule(expectation: Any, metrics: Mapping[str, Any]) -> RuleKey | None:  # noqa: ANN401
    name = getattr(expectation, "map_metric", None)
    if name is None:
        return None
    asked = metrics.get(f"{name}.unexpected_count")
    if asked is None:  # about a column's type: judged by the schema
        return None
    return rule_key(name, asked.metric_domain_kwargs, asked.metric_value_kwargs)


def validate(suite: Sequence[Compiled], batch: GateFrame, name: str) -> Validation:
    """Validate a batch as the library's own validator does, to the same results and document."""
    engine = PolarsExecutionEngine()
    specification = RuntimeDataBatchSpec(batch_data=batch)
    data, markers = engine.get_batch_data_and_markers(specification)
    engine.load_batch_data(BATCH, data)
    values, failed = _resolved(engine, suite, data)
    known = {id(one.expectation): (one.expectation, one.configuration) for one in suite}
    with remembered(known):
        results = tuple(_result(one, values, failed, engine) for one in suite)
    meta = {
        "great_expectations_version": version,
        "batch_spec": convert_to_json_serializable(dict(specification)),
        "batch_markers": dict(markers),
        "active_batch_definition": _definition(),
    }
    return Validation(results, _document(suite, results, {"suite_name": name, "meta": meta}))


def _resolved(
    engine: PolarsExecutionEngine, suite: Sequence[Compiled], batch: PolarsBatchData
) -> tuple[dict[Any, Any], dict[Any, ExceptionInfo]]:
    """Ask for all metrics together; those that fail are left out, and the others asked again."""
    key = (tuple(map(id, suite)), _shape(batch.schema))
    if key in _ASKED:
        asked = _ASKED[key][1]
        with suppress(MetricResolutionError):  # that is told below, and nothing scanned again
            return {**asked.values, **engine.answers(batch, asked.questions)}, {}
    wanted = {metric.id: metric for one in suite for metric in one.metrics.values()}
    values: dict[Any, Any] = {}
    failed: dict[Any, ExceptionInfo] = {}
    while left := [m for i, m in wanted.items() if i not in values and i not in failed]:
        try:
            asked = engine.asked(left)
            values.update({**asked.values, **engine.answers(batch, asked.questions)})
        except MetricResolutionError as error:
            told = ExceptionInfo(traceback.format_exc(), str(error))
            failed.update({metric.id: told for metric in error.failed_metrics})
    if not failed and not any(m.metric_value_kwargs.get("table") for m in wanted.values()):
        _remember(key, suite, asked)
    return values, failed


def _shape(schema: pl.Schema) -> tuple[tuple[str, Any], ...]:
    """Return names and types; an enum of one word is the batch's own constant, whatever it says."""
    constant = [isinstance(t, pl.Enum) and len(t.categories) == 1 for t in schema.values()]
    return tuple(
        (name, None if same else dtype)
        for (name, dtype), same in zip(schema.items(), constant, strict=True)
    )


def _remember(key: Any, suite: Sequence[Compiled], asked: Asked) -> None:  # noqa: ANN401
    """Keep what a suite asks of batches of one shape: rules that look into no other table."""
    if len(_ASKED) >= KEPT:
        _ASKED.clear()
    _ASKED[key] = (tuple(suite), asked)  # the suite too, so that no other takes its ids


def _result(
    one: Compiled,
    values: Mapping[Any, Any],
    failed: Mapping[Any, ExceptionInfo],
    engine: PolarsExecutionEngine,
) -> ExpectationValidationResult:
    ids = dict.fromkeys(metric.id for metric in one.metrics.values())
    if causes := {str(i): failed[i] for i in ids if i in failed}:
        return _unjudged(one, causes)
    try:
        said = one.expectation._validate(
            metrics={name: values[metric.id] for name, metric in one.metrics.items()},
            runtime_configuration={"result_format": dict(one.result_format)},
            execution_engine=engine,
        )
        result: ExpectationValidationResult = one.expectation._build_evr(raw_response=said)
    except (AssertionError, *FAILURES) as error:
        return _unjudged(one, ExceptionInfo(traceback.format_exc(), str(error)))
    return result


def _unjudged(one: Compiled, causes: dict[str, Any]) -> ExpectationValidationResult:
    return ExpectationValidationResult(
        success=False, exception_info=causes, expectation_config=one.configuration
    )


def _document(
    suite: Sequence[Compiled],
    results: Sequence[ExpectationValidationResult],
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what `to_json_dict` of the library's own result would."""
    counted = calc_validation_statistics(list(results))
    return {
        "success": counted.success,
        "results": [_written(suite[place], results[place]) for place in _order(suite, results)],
        "suite_parameters": {},
        "statistics": {k: v for k, v in counted._asdict().items() if k != "success"},
        "id": None,
        **more,
    }


def _written(one: Compiled, said: ExpectationValidationResult) -> dict[str, Any]:
    return {
        "success": said.success,
        "expectation_config": one.written,
        "result": {str(name): _plain(value) for name, value in said.result.items()},
        "meta": {},
        "exception_info": convert_to_json_serializable(said.exception_info),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any metric
    """Convert a value that is not plain: the library asks numpy about each null at length."""
    plain = value is None or type(value) in (int, str, bool) or value == []
    return value if plain else convert_to_json_serializable(value)


def _order(
    suite: Sequence[Compiled], results: Sequence[ExpectationValidationResult]
) -> Iterator[int]:
    """Yield places as the library orders them: what failed to evaluate, then by column."""
    columns: dict[Any, list[int]] = {}
    for place, one in enumerate(suite):
        column = one.configuration.kwargs.get("column")
        columns.setdefault(column if isinstance(column, str) else NO_COLUMN, []).append(place)
    places = [place for group in columns.values() for place in group]
    unjudged = [p for p in places if results[p].exception_info.get("raised_exception") is not False]
    yield from unjudged
    yield from (place for place in places if place not in unjudged)


@cache
def _definition() -> Mapping[str, Any]:
    definition = LegacyBatchDefinition(
        datasource_name=DATASOURCE,
        data_connector_name="fluent",
        data_asset_name=ASSET,
        batch_identifiers=IDDict({"dataframe": "<DATAFRAME>"}),
    )
    return dict(convert_to_json_serializable(definition.to_json_dict()))
