"""Outliers, divergence, JSON, dates as dateutil reads them and types, against GX's pandas."""

from __future__ import annotations

import great_expectations.expectations as gxe
import pytest

from quality.gx_polars.compiled import compiled, validate
from quality.gx_polars.frame import GateFrame
from quality.gx_polars.setup import batch_definition
from tests.quality.gx_polars.test_against_pandas import (
    ROWS,
    SUMMARY,
    frames,
    name,
    pandas_definition,
    results,
    said,
)

TEXTS = [
    "2026-03-01",
    "2026年3月1日",
    "Mar 1 2026",
    "",
    "昨天",
    "31/12/2026",
    None,
    "99999999999999",
]
JSON = ['{"户号": "甲", "n": 1}', '{"n": "一"}', "[1, 2]", "null", "{坏}", "", None, '{"n": 2.5}']
WIDE = {**{column: [None] * 8 for column in ROWS}, "text": TEXTS, "code": JSON}
EMPTY = {column: [] for column in ROWS}
NULLS = {column: [None] * 3 for column in ROWS}
SCHEMA = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
BINS = {"bins": [0.0, 1.0, 2.0, 5.0], "weights": [0.25, 0.25, 0.5]}
OPEN = {"bins": [float("-inf"), 0.0, 2.0, float("inf")], "weights": [0.2, 0.5, 0.3]}
CODES = {"values": ["a", "b", "c"], "weights": [0.5, 0.3, 0.2]}


def spread(column, **more):
    return gxe.ExpectColumnValuesToNotBeOutliers(column=column, **more)


OUTLIERS = [
    spread("third"), spread("third", method="std", multiplier=1.0), spread("real"),
    spread("real", method="std", multiplier=2), spread("whole", multiplier=0),
    spread("whole", method="std", multiplier=0),
]  # fmt: skip


@pytest.mark.parametrize("expectation", OUTLIERS, ids=name)
@pytest.mark.parametrize("rows", [ROWS, EMPTY, NULLS], ids=["rows", "empty", "nulls"])
def test_outliers_are_those_of_pandas(expectation, rows):
    ours, pandas = results(rows, expectation)
    assert said(ours) == said(pandas)


@pytest.mark.parametrize("method", ["iqr", "std"])
def test_outliers_of_decimals_are_those_of_the_same_floats(method):
    rows = {**ROWS, "real": [None if v is None else float(v) for v in ROWS["amount"]]}
    (ours, _), (_, pandas) = (results(rows, spread(c, method=method)) for c in ("amount", "real"))
    assert ours.result["unexpected_count"] == pandas.result["unexpected_count"]


def divergence(column, partition=None, **more):
    return gxe.ExpectColumnKLDivergenceToBeLessThan(
        column=column, partition_object=partition, threshold=0.4, **more
    )


DIVERGENCES = [
    divergence("code", CODES),
    divergence("code", CODES, tail_weight_holdout=0.1),
    divergence("third", BINS, tail_weight_holdout=0.1, internal_weight_holdout=0.1),
    divergence("third", OPEN),
    divergence("third"),
    divergence("code", bucketize_data=False),
]


@pytest.mark.parametrize("expectation", DIVERGENCES, ids=name)
def test_divergence_is_that_of_pandas(expectation):
    ours, pandas = results(ROWS, expectation)
    assert ours.success == pandas.success
    assert ours.result["observed_value"] == pytest.approx(pandas.result["observed_value"])
    assert ours.result["details"] == pandas.result["details"]


@pytest.mark.parametrize("rows", [WIDE, EMPTY], ids=["rows", "empty"])
@pytest.mark.parametrize(
    "expectation",
    [
        gxe.ExpectColumnValuesToBeDateutilParseable(column="text"),
        gxe.ExpectColumnValuesToBeJsonParseable(column="code"),
        gxe.ExpectColumnValuesToBeJsonParseable(column="code", mostly=0.6),
    ],
    ids=name,
)
def test_texts_are_read_as_pandas_reads_them(expectation, rows):
    ours, pandas = results(rows, expectation)
    assert said(ours) == said(pandas)


@pytest.mark.parametrize("schema", [SCHEMA, {"type": "array"}, {}])
def test_json_follows_a_schema_as_for_pandas(schema):
    good = {**WIDE, "code": [text if text not in ("", "{坏}") else None for text in JSON]}
    held = gxe.ExpectColumnValuesToMatchJsonSchema(column="code", json_schema=schema)
    ours, pandas = results(good, held)
    assert said(ours) == said(pandas)


def test_a_text_that_is_no_json_follows_no_schema_where_pandas_gives_up():
    held = gxe.ExpectColumnValuesToMatchJsonSchema(column="code", json_schema=SCHEMA)
    ours, pandas = results(WIDE, held)
    assert ours.result["unexpected_count"] == 5
    assert "raised_exception': True" in str(pandas.exception_info)


@pytest.mark.parametrize("column", ["whole", "day", "amount"])
def test_only_texts_are_read(column):
    (ours, _) = results(ROWS, gxe.ExpectColumnValuesToBeDateutilParseable(column=column))
    assert not ours.success
    assert "holds no text" in str(ours.exception_info)


def test_a_schema_that_is_none_fails_the_rule_and_no_other():
    own, _ = frames(WIDE)
    batch = batch_definition().get_batch({"dataframe": own.lazy()})
    wrong = gxe.ExpectColumnValuesToMatchJsonSchema(column="code", json_schema={"type": "数"})
    assert "json_schema" in str(batch.validate(wrong).exception_info)


TYPES = [
    ("text", "str", True), ("text", "int", False), ("text", "bool", False),
    ("real", "float", True), ("real", "float64", True), ("real", "int64", False),
]  # fmt: skip


@pytest.mark.parametrize(("column", "kind", "good"), TYPES)
def test_types_by_the_names_that_pandas_knows(column, kind, good):
    own, theirs = frames({**ROWS, "text": ["贵阳"] * 10})
    ours = batch_definition().get_batch({"dataframe": own.lazy()})
    pandas = pandas_definition().get_batch({"dataframe": theirs})
    one = gxe.ExpectColumnValuesToBeOfType(column=column, type_=kind)
    some = gxe.ExpectColumnValuesToBeInTypeList(column=column, type_list=[kind, "bytes"])
    for expectation in (one, some):
        answers = [each.validate(expectation, result_format=SUMMARY) for each in (ours, pandas)]
        assert [answer.success for answer in answers] == [good, good]


POLARS = [
    ("whole", "Int64", True), ("whole", "int", True), ("amount", "Decimal", True),
    ("amount", "Decimal(10, 2)", True), ("amount", "Decimal(12, 2)", False),
    ("amount", "float", False), ("day", "Date", True), ("day", "datetime64[ns]", False),
    ("text", "String", True),
]  # fmt: skip


@pytest.mark.parametrize(("column", "kind", "good"), POLARS)
def test_types_by_the_names_of_polars(column, kind, good):
    own, _ = frames(ROWS)
    batch = batch_definition().get_batch({"dataframe": own.lazy()})
    for expectation in (
        gxe.ExpectColumnValuesToBeOfType(column=column, type_=kind),
        gxe.ExpectColumnTypeToBe(column=column, type_=kind),
    ):
        assert batch.validate(expectation).success is good


def test_a_suite_that_is_compiled_judges_types_too():
    own, _ = frames(ROWS)
    wanted = gxe.ExpectColumnValuesToBeOfType(column="day", type_="date")
    suite = [compiled(wanted, {"result_format": "BASIC"})]
    (one,) = validate(suite, GateFrame(own.lazy()), "days").results
    assert (one.success, one.result["observed_value"]) == (True, "Date")


def test_a_type_that_nobody_knows_is_not_judged():
    own, _ = frames(ROWS)
    batch = batch_definition().get_batch({"dataframe": own.lazy()})
    result = batch.validate(gxe.ExpectColumnValuesToBeOfType(column="text", type_="Text"))
    assert not result.success
    assert "no type of Polars" in str(result.exception_info)
