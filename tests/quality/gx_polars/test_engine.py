"""One call, one scan; results, examples and failures as Great Expectations wants them."""

from __future__ import annotations

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.core import ExpectationSuite
from polars.io.plugins import register_io_source

from quality.gx_polars.engine import PolarsExecutionEngine
from quality.gx_polars.expectations import (
    ExpectColumnCounterToRunOn,
    ExpectColumnValuesToExistIn,
)
from quality.gx_polars.frame import GateFrame
from quality.gx_polars.setup import batch_definition
from tests.quality.water import RULES, candidate, entry, gate, meter

COUNTS = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


def counting_source(frame):
    """Return a lazy frame and the list of the times that it was opened."""
    opened = []

    def source(with_columns, predicate, n_rows, batch_size):
        opened.append(1)
        part = frame if with_columns is None else frame.select(with_columns)
        yield part if predicate is None else part.filter(predicate)

    return register_io_source(source, schema=frame.schema, is_pure=False), opened


def validate(given, *expectations, result_format=COUNTS):
    suite = ExpectationSuite(name="s", expectations=list(expectations))
    batch = batch_definition().get_batch({"dataframe": given})
    return {
        r.expectation_config.type: r
        for r in batch.validate(suite, result_format=result_format).results
    }


def readings():
    of = entry(rules=RULES)
    rows = [(meter(n), "2026-03-01", "10", "1", "remote") for n in range(50)]
    return of, candidate(of, rows).collect()


def accounts(frame):
    return {"water_account": pl.LazyFrame({"meter_id": frame["meter_id"]})}


def test_a_gate_of_row_rules_and_grouped_rules_opens_its_source_once(tmp_path):
    of, frame = readings()
    source, opened = counting_source(frame)
    verdict, _ = gate(of, source, tmp_path, records=50, references=accounts(frame))
    assert verdict.passed
    assert len(opened) == 1


def test_rows_that_grouped_rules_refuse_open_the_source_once_more_for_their_cells(tmp_path):
    of, frame = readings()
    double = pl.concat([frame, frame.with_columns(pl.col("_row") + 50, kind=pl.lit("manual"))])
    source, opened = counting_source(double)
    _, split = gate(of, source, tmp_path, records=100, references=accounts(frame))
    assert split.quarantined_rows == 100
    assert len(opened) == 2


def test_a_whole_suite_reaches_the_engine_in_one_call(tmp_path, monkeypatch):
    calls = []
    answers = PolarsExecutionEngine.answers

    def counted(self, batch, questions):
        calls.append(len(questions))
        return answers(self, batch, questions)

    monkeypatch.setattr(PolarsExecutionEngine, "answers", counted)
    of, frame = readings()
    gate(of, frame.lazy(), tmp_path)
    assert len(calls) == 1
    assert calls[0] > 1


FRAME = pl.DataFrame({"a": [1, 2, 2, None, 9], "s": ["x", "y", "x", "z", "y"]})


def test_examples_and_positions_of_unexpected_rows_are_given_when_asked_for():
    complete = {"result_format": "COMPLETE"}
    found = validate(
        FRAME,
        gxe.ExpectColumnValuesToBeBetween(column="a", max_value=2),
        gxe.ExpectColumnValuesToBeUnique(column="a"),
        result_format=complete,
    )
    between = found["expect_column_values_to_be_between"].result
    assert between["unexpected_list"] == [9]
    assert between["unexpected_index_list"] == [4]
    unique = found["expect_column_values_to_be_unique"].result
    assert unique["unexpected_list"] == [2, 2]
    assert unique["unexpected_index_list"] == [1, 2]


def test_one_bad_expectation_does_not_take_the_others_with_it():
    found = validate(
        FRAME,
        gxe.ExpectColumnValuesToBeNull(column="gone"),
        gxe.ExpectColumnValuesToNotBeNull(column="a"),
        gxe.ExpectColumnValuesToMatchRegex(column="s", regex="(?=x)"),
    )
    assert found["expect_column_values_to_not_be_null"].result["unexpected_count"] == 1
    for name in ("match_regex", "be_null"):
        broken = found[f"expect_column_values_to_{name}"]
        assert not broken.success
        assert broken.exception_info.get("raised_exception") is not False


def test_a_table_that_rules_refer_to_comes_with_the_frame():
    known = pl.LazyFrame({"k": ["x", "x", "q"]})
    given = GateFrame(FRAME.lazy(), {"known": known})
    found = validate(given, ExpectColumnValuesToExistIn(column="s", table="known", at=["k"]))
    assert found["expect_column_values_to_exist_in"].result["unexpected_count"] == 3


def test_a_counter_is_judged_without_a_gate():
    frame = pl.DataFrame({"m": ["a"] * 3, "o": [1, 3, 2], "v": [1.0, 2.0, 5.0]})
    found = validate(frame, ExpectColumnCounterToRunOn(column="v", by=["m"], order="o"))
    assert found["expect_column_counter_to_run_on"].result["unexpected_count"] == 1


@pytest.mark.parametrize("given", [FRAME, FRAME.lazy(), GateFrame(FRAME.lazy())])
def test_a_frame_may_be_given_eager_lazy_or_with_tables(given):
    found = validate(given, gxe.ExpectTableRowCountToEqual(value=5))
    assert found["expect_table_row_count_to_equal"].success


def test_the_package_imports_nothing_of_citylake():
    from pathlib import Path

    rooms = ("catalog", "ingestion", "lake", "registry", "sharing", "supervision", "orchestration")
    for path in Path("quality/gx_polars").glob("*.py"):
        for line in path.read_text().splitlines():
            if line.startswith(("from ", "import ")):
                module = line.split()[1]
                assert not module.startswith(rooms)
                assert not module.startswith("quality") or module.startswith("quality.gx_polars")
