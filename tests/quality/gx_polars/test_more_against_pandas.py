"""Formats, patterns, pairs, order, row conditions and result formats, against GX's pandas."""

from __future__ import annotations

import subprocess
import sys

import great_expectations.expectations as gxe
import pytest
from great_expectations.expectations.row_conditions import Column

from quality.gx_polars.setup import batch_definition
from tests.quality.gx_polars.test_against_pandas import (
    ROWS,
    frames,
    name,
    pandas_definition,
    results,
    said,
)

BOTH = [
    gxe.ExpectColumnValuesToNotMatchRegexList(column="code", regex_list=["^a$", "^b$"]),
    gxe.ExpectColumnValuesToMatchStrftimeFormat(column="text", strftime_format="%Y-%m-%d"),
    gxe.ExpectColumnPairValuesToBeInSet(
        column_A="code", column_B="text", value_pairs_set=[("a", "贵阳"), ("b", "")],
        ignore_row_if="both_values_are_missing",
    ),
    gxe.ExpectColumnPairValuesToBeInSet(
        column_A="whole", column_B="other", value_pairs_set=[(1, 1), (3, 2)],
        ignore_row_if="either_value_is_missing",
    ),
    gxe.ExpectColumnValuesToBeIncreasing(column="third"),
    gxe.ExpectColumnValuesToBeIncreasing(column="third", strictly=True),
    gxe.ExpectColumnValuesToBeDecreasing(column="whole"),
    gxe.ExpectColumnValueZScoresToBeLessThan(column="third", threshold=1, double_sided=True),
    gxe.ExpectColumnValueZScoresToBeLessThan(column="third", threshold=1, double_sided=False),
]  # fmt: skip


@pytest.mark.parametrize("expectation", BOTH, ids=name)
@pytest.mark.parametrize("rows", [ROWS, {column: [] for column in ROWS}], ids=["rows", "empty"])
def test_the_rarer_map_expectations_count_as_pandas_does(expectation, rows):
    ours, pandas = results(rows, expectation)
    assert said(ours) == said(pandas)


@pytest.mark.parametrize(("values", "good"), [(["a"], True), (["b", "c"], False)])
def test_the_most_common_value_is_the_one_that_pandas_finds(values, good):
    most = gxe.ExpectColumnMostCommonValueToBeInSet(column="code", value_set=values)
    ours, pandas = results(ROWS, most)
    assert (ours.success, pandas.success) == (good, good)
    assert ours.result["observed_value"] == pandas.result["observed_value"]


A, ONE = Column("code").is_in(["a"]), Column("whole") == 1
CONDITIONS = {
    "in": A,
    "null": Column("text").is_null(),
    "not null": Column("text").is_not_null(),
    "greater": Column("whole") > 1,
    "at least": Column("real") >= 0.3,
    "less": Column("whole") < 2,
    "and": A & (Column("whole") >= 2),
    "or": A | (Column("whole") == 0),
    "or of ands": (A & ONE) | (Column("text").is_null() & (Column("real") > 0)),
}


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize(
    "make",
    [
        lambda c: gxe.ExpectColumnValuesToNotBeNull(column="other", row_condition=c),
        lambda c: gxe.ExpectColumnValuesToBeBetween(column="third", max_value=2, row_condition=c),
    ],
    ids=["nulls", "range"],
)
def test_rows_are_chosen_by_a_condition_as_pandas_chooses_them(condition, make):
    ours, pandas = results(ROWS, make(condition))
    assert said(ours) == said(pandas)


@pytest.mark.parametrize("condition", [Column("code") != "a", Column("code").is_not_in(["a"])])
def test_a_null_is_not_unequal_as_in_sql_and_unlike_pandas(condition):
    filled = gxe.ExpectColumnValuesToNotBeNull(column="other", row_condition=condition)
    ours, pandas = results(ROWS, filled)
    nulls = ROWS["code"].count(None)
    assert ours.result["element_count"] == pandas.result["element_count"] - nulls


LIKE = [
    (gxe.ExpectColumnValuesToMatchLikePattern(column="text", like_pattern="贵%"), 5),
    (gxe.ExpectColumnValuesToMatchLikePattern(column="text", like_pattern="_"), 6),
    (gxe.ExpectColumnValuesToMatchLikePattern(column="text", like_pattern="a!_b", escape="!"), 8),
    (gxe.ExpectColumnValuesToMatchLikePattern(column="text", like_pattern="a_b", escape="!"), 7),
    (gxe.ExpectColumnValuesToNotMatchLikePattern(column="text", like_pattern="贵%"), 3),
    (
        gxe.ExpectColumnValuesToMatchLikePatternList(
            column="code", like_pattern_list=["a", "b"], match_on="any"
        ),
        3,
    ),
    (
        gxe.ExpectColumnValuesToNotMatchLikePatternList(
            column="code", like_pattern_list=["a", "b"]
        ),
        6,
    ),
]


@pytest.mark.parametrize(("expectation", "unexpected"), LIKE, ids=range(len(LIKE)))
def test_like_patterns_match_as_in_sql(expectation, unexpected):
    batch = batch_definition().get_batch({"dataframe": frames(ROWS)[0]})
    result = batch.validate(expectation, result_format="SUMMARY")
    assert result.exception_info["raised_exception"] is False
    assert result.result["unexpected_count"] == unexpected


def test_no_metric_is_registered_otherwise_than_the_stock_engines_have_it():
    code = "from quality.gx_polars.setup import register; register()"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "being registered with different" not in run.stdout + run.stderr


WORDS = {
    "BOOLEAN_ONLY": set(),
    "BASIC": {"element_count", "unexpected_count", "partial_unexpected_list"},
    "SUMMARY": {"unexpected_count", "partial_unexpected_counts", "unexpected_percent_nonmissing"},
    "COMPLETE": {"unexpected_list", "unexpected_index_list", "partial_unexpected_list"},
}


@pytest.mark.parametrize("form", WORDS)
def test_each_result_format_says_what_pandas_says(form):
    own, theirs = frames(ROWS)
    between = gxe.ExpectColumnValuesToBeBetween(column="whole", min_value=0, max_value=3)
    ours, pandas = (
        definition.get_batch({"dataframe": frame}).validate(between, result_format=form)
        for definition, frame in ((batch_definition(), own.lazy()), (pandas_definition(), theirs))
    )
    assert WORDS[form] <= set(ours.result)
    assert ours.success is pandas.success is False
    for word in WORDS[form] - {"partial_unexpected_counts"}:
        assert ours.result[word] == pandas.result[word], word
