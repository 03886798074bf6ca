"""A compiled suite says of a batch what Great Expectations' own validator says, word for word."""

from __future__ import annotations

import json
from typing import Any

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.core import ExpectationSuite
from great_expectations.expectations.row_conditions import Column
from great_expectations.validator.v1_validator import Validator

from quality.gx_polars.compiled import compiled, validate
from quality.gx_polars.frame import GateFrame
from quality.gx_polars.setup import batch_definition

SUMMARY = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
ROWS = pl.LazyFrame(
    {"甲": [1, 2, 2, None], "b": ["x", "yy", None, "x"], "c": [1.0, 0.5, float("nan"), 9.0]}
)
EXPECTATIONS = [
    gxe.ExpectColumnValuesToNotBeNull(column="b", severity="warning", meta={"number": 0}),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="c", column_B="甲", or_equal=True),
    gxe.ExpectColumnValuesToBeBetween(column="甲", min_value=2, description="甲不小于二"),
    gxe.ExpectColumnValuesToBeInSet(column="b", value_set=["x"], row_condition=Column("甲") > 1),
    gxe.ExpectColumnValuesToBeUnique(column="甲"),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=["甲", "b"]),
    gxe.ExpectTableRowCountToBeBetween(min_value=5),
    gxe.ExpectColumnMeanToBeBetween(column="甲", max_value=2),
]
FRAMES = {"rows": ROWS, "none": ROWS.head(0), "a column less": ROWS.drop("甲")}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_results_and_document_are_those_of_the_library(frame):
    suite = [compiled(one, SUMMARY) for one in EXPECTATIONS]
    ours = validate(suite, GateFrame(frame), "s")
    assert _plain(ours.document) == _plain(_theirs(frame))
    assert [r.expectation_config.type for r in ours.results] == [
        e.configuration.type for e in EXPECTATIONS
    ]


def test_a_compiled_suite_keeps_nothing_of_an_earlier_batch():
    suite = [compiled(one, SUMMARY) for one in EXPECTATIONS]
    first = validate(suite, GateFrame(ROWS), "s").document
    validate(suite, GateFrame(FRAMES["a column less"]), "s")
    assert _plain(validate(suite, GateFrame(ROWS), "s").document) == _plain(first)


def _theirs(frame: pl.LazyFrame) -> dict[str, Any]:
    validator = Validator(
        batch_definition=batch_definition(),
        batch_parameters={"dataframe": frame},
        result_format=SUMMARY,
    )
    suite = ExpectationSuite(name="s", expectations=EXPECTATIONS)
    document: dict[str, Any] = validator.validate_expectation_suite(suite).to_json_dict()
    return document


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without the hour and the places in code at which a rule failed."""
    plain: dict[str, Any] = json.loads(json.dumps(document))
    plain["meta"]["batch_markers"].pop("ge_load_time")
    for result in plain["results"]:
        told = result["exception_info"]
        for cause in [told] if "raised_exception" in told else told.values():
            cause.pop("exception_traceback")
    return plain
