"""Counts of the Polars engine equal those of Great Expectations' own pandas engine.

One case an expectation, on edge cases: nulls, empty texts, decimals, dates, Chinese text.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import polars as pl
import pytest
from great_expectations.expectations.row_conditions import Column

from quality.gx_polars.setup import batch_definition

D = dt.date
MARCH = dt.datetime(2026, 3, 1)  # noqa: DTZ001 - pandas' days have no zone
ROWS = {
    "text": ["贵阳", "", None, "贵阳市", "a b", "𠮷", "贵阳", "x\ny", " ", None],
    "code": ["a", "b", "a", None, "c", "A", "a", "", "b", "a"],
    "whole": [1, 2, 2, None, -5, 0, 10**12, 3, 3, 7],
    "other": [1, 3, 1, 4, None, 0, 10**12, 2, 3, 7],
    "third": [1, 2, 2, None, None, 0, 5, 3, 1, 7],
    "real": [0.1, 0.2, None, -1.5, 1e9, 0.3, 2.5, 2.5, 0.0, 7.25],
    "amount": [
        Decimal(d) if d else None
        for d in ["0.10", "0.30", None, "-1.00", "99.99", "100.00", "2.50", "2.5", "0.00", "7.25"]
    ],
    "day": [
        D(2026, 3, 1), D(2026, 2, 28), None, D(1900, 1, 1), D(2026, 3, 1), D(2026, 3, 2),
        D(2000, 2, 29), D(2026, 12, 31), D(2026, 3, 1), None,
    ],
    "later": [
        D(2026, 3, 2), D(2026, 2, 28), D(2026, 1, 1), D(1899, 1, 1), None, D(2026, 3, 1),
        D(2000, 2, 29), D(2027, 1, 1), D(2026, 3, 1), None,
    ],
}  # fmt: skip
SUMMARY = {"result_format": "SUMMARY", "partial_unexpected_count": 20}


def frames(rows):
    schema = {
        "text": pl.String, "code": pl.String, "whole": pl.Int64, "other": pl.Int64,
        "third": pl.Int64, "real": pl.Float64, "amount": pl.Decimal(10, 2), "day": pl.Date,
        "later": pl.Date,
    }  # fmt: skip
    own = pl.DataFrame(rows, schema=schema)
    theirs = pd.DataFrame({name: pd.Series(v, dtype=object) for name, v in rows.items()})
    for name in ("whole", "other", "third", "real"):
        theirs[name] = theirs[name].astype(float)
    for name in ("day", "later"):
        theirs[name] = pd.to_datetime(theirs[name])
    return own, theirs


@cache
def pandas_definition():
    context = gx.get_context(mode="ephemeral")
    source = context.data_sources.add_pandas("pandas")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")


def results(rows, expectation):
    own, theirs = frames(rows)
    ours = batch_definition().get_batch({"dataframe": own.lazy()})
    pandas = pandas_definition().get_batch({"dataframe": theirs})
    return [b.validate(expectation, result_format=SUMMARY) for b in (ours, pandas)]


MAP = [
    gxe.ExpectColumnValuesToNotBeNull(column="text"),
    gxe.ExpectColumnValuesToNotBeNull(column="day"),
    gxe.ExpectColumnValuesToNotBeNull(column="whole", row_condition=Column("code").is_in(["a"])),
    gxe.ExpectColumnValuesToBeNull(column="text"),
    gxe.ExpectColumnValuesToBeInSet(column="code", value_set=["a", "b"]),
    gxe.ExpectColumnValuesToBeInSet(column="text", value_set=["贵阳", "𠮷"]),
    gxe.ExpectColumnValuesToBeInSet(column="text", value_set=["贵阳市南明区", "", "x\ny"]),
    gxe.ExpectColumnValuesToNotBeInSet(column="code", value_set=list("abdefghijk")),
    gxe.ExpectColumnValuesToBeInSet(column="whole", value_set=[1, 2, 3]),
    gxe.ExpectColumnValuesToNotBeInSet(column="code", value_set=["a", ""]),
    gxe.ExpectColumnValuesToBeBetween(column="whole", min_value=0, max_value=3),
    gxe.ExpectColumnValuesToBeBetween(column="whole", min_value=0, strict_min=True),
    gxe.ExpectColumnValuesToBeBetween(column="real", min_value=0.1, max_value=2.5),
    gxe.ExpectColumnValuesToBeBetween(column="real", max_value=2.5, strict_max=True),
    gxe.ExpectColumnValuesToBeBetween(column="day", min_value=MARCH),
    gxe.ExpectColumnValuesToBeBetween(column="day", max_value=MARCH, strict_max=True),
    gxe.ExpectColumnValueLengthsToBeBetween(column="text", max_value=2),
    gxe.ExpectColumnValueLengthsToBeBetween(column="text", min_value=1, max_value=3),
    gxe.ExpectColumnValueLengthsToEqual(column="text", value=2),
    gxe.ExpectColumnValuesToMatchRegex(column="text", regex="^贵阳"),
    gxe.ExpectColumnValuesToMatchRegex(column="code", regex="^[a-c]$"),
    gxe.ExpectColumnValuesToNotMatchRegex(column="code", regex="^[a-c]$"),
    gxe.ExpectColumnValuesToMatchRegexList(column="code", regex_list=["^a$", "^b$"]),
    gxe.ExpectColumnValuesToBeUnique(column="text"),
    gxe.ExpectColumnValuesToBeUnique(column="whole"),
    gxe.ExpectColumnValuesToBeUnique(column="day"),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="later", column_B="day", or_equal=True),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="later", column_B="day", ignore_row_if="either_value_is_missing"
    ),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="whole", column_B="other"),
    gxe.ExpectColumnPairValuesToBeEqual(
        column_A="whole", column_B="other", ignore_row_if="either_value_is_missing"
    ),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=["code", "whole"]),
    gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["code", "whole"], ignore_row_if="any_value_is_missing"
    ),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=["text", "code"], ignore_row_if="never"),
    gxe.ExpectMulticolumnSumToEqual(
        column_list=["whole", "other"], sum_total=6, ignore_row_if="any_value_is_missing"
    ),
    gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
        column_list=["whole", "other", "third"], ignore_row_if="any_value_is_missing"
    ),
]
AGGREGATE = [
    gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value=10),
    gxe.ExpectTableRowCountToEqual(value=10),
    gxe.ExpectTableColumnCountToEqual(value=9),
    gxe.ExpectTableColumnsToMatchSet(column_set=list(ROWS)),
    gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(ROWS)),
    gxe.ExpectColumnToExist(column="day"),
    gxe.ExpectColumnMinToBeBetween(column="whole", min_value=-5),
    gxe.ExpectColumnMaxToBeBetween(column="real", max_value=1e9),
    gxe.ExpectColumnMeanToBeBetween(column="real", min_value=0),
    gxe.ExpectColumnMedianToBeBetween(column="whole", min_value=0),
    gxe.ExpectColumnStdevToBeBetween(column="third", min_value=0),
    gxe.ExpectColumnSumToBeBetween(column="whole", min_value=0),
    gxe.ExpectColumnUniqueValueCountToBeBetween(column="text", min_value=1),
    gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column="code", min_value=0),
    gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column="text", min_value=0),
    gxe.ExpectColumnQuantileValuesToBeBetween(
        column="third",
        quantile_ranges={"quantiles": [0.25, 0.5, 0.75], "value_ranges": [[0, 9]] * 3},
    ),
    gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["a", "b", "c", "A", ""]),
    gxe.ExpectColumnDistinctValuesToContainSet(column="code", value_set=["a", "b"]),
    gxe.ExpectColumnDistinctValuesToEqualSet(column="code", value_set=["a"]),
]


def name(expectation):
    return type(expectation).__name__


def said(result):
    words = ("element_count", "unexpected_count", "missing_count", "unexpected_percent")
    assert result.exception_info.get("raised_exception") is False, result.exception_info
    return result.success, {word: result.result.get(word) for word in words}


@pytest.mark.parametrize("expectation", MAP, ids=name)
def test_a_map_expectation_counts_as_pandas_does(expectation):
    ours, pandas = results(ROWS, expectation)
    assert said(ours) == said(pandas)


@pytest.mark.parametrize("expectation", MAP, ids=name)
def test_a_map_expectation_counts_as_pandas_does_without_rows(expectation):
    ours, pandas = results({column: [] for column in ROWS}, expectation)
    assert said(ours) == said(pandas)


@pytest.mark.parametrize("expectation", AGGREGATE, ids=name)
def test_an_aggregate_expectation_sees_what_pandas_sees(expectation):
    ours, pandas = results(ROWS, expectation)
    assert ours.success == pandas.success
    seen = [r.result.get("observed_value") for r in (ours, pandas)]
    if isinstance(seen[0], float):
        assert seen[0] == pytest.approx(seen[1])
    elif isinstance(seen[0], list):
        assert sorted(seen[0]) == sorted(v for v in seen[1] if not pd.isna(v))
    else:
        assert seen[0] == seen[1]


def test_decimals_compare_exactly():
    between = gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0.1, max_value=99.99)
    own, _ = frames(ROWS)
    result = (
        batch_definition().get_batch({"dataframe": own}).validate(between, result_format=SUMMARY)
    )
    unexpected = result.result["partial_unexpected_list"]
    assert sorted(map(str, unexpected)) == ["-1.00", "0.00", "100.00"]
