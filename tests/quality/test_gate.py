"""The gate on deliveries: which rows are refused, with which reasons, and what that means."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
from polars.testing import assert_frame_equal

from catalog.schema import quarantine_schema, raw_schema
from tests.quality.water import (
    AGREES,
    KNOWN,
    NO_MALFORMED,
    RULES,
    RUNS_ON,
    accepted,
    candidate,
    entry,
    gate,
    meter,
    reasons,
)

GOOD = (meter(1), "2026-03-01", "10", "1", "remote")


def row(**changes):
    names = ("meter_id", "read_on", "reading_m3", "usage_m3", "kind")
    return tuple({**dict(zip(names, GOOD, strict=True)), **changes}.values())


def test_importing_the_gate_does_not_import_great_expectations():
    code = "import sys, quality.gate; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_clean_rows_pass_and_are_written_once_with_provenance(tmp_path):
    rows = [row(meter_id=meter(n)) for n in range(3)]
    verdict, split = gate(entry(rules=RULES), rows, tmp_path)
    assert (verdict.passed, verdict.reason, verdict.quarantined) == (True, "passed", 0)
    assert [path.name for path in split.accepted] == ["accepted.parquet"]
    found = accepted(split)
    assert dict(found.schema) == raw_schema(entry())
    assert found["_delivery"].unique().to_list() == ["delivery-1"]
    assert found["_row"].to_list() == [1, 2, 3]
    assert split.quarantined == ()


def test_a_key_that_was_delivered_but_has_the_wrong_type_is_not_called_null(tmp_path):
    _, split = gate(entry(), [row(read_on="2026-02-30"), row(read_on=None)], tmp_path)
    assert reasons(split) == {1: ["wrong_type:read_on"], 2: ["null_key:read_on"]}


def test_a_row_carries_every_rule_it_broke_in_the_order_of_the_entry(tmp_path):
    _, split = gate(entry(rules=RULES), [row(meter_id="W1", usage_m3="1001", kind="x")], tmp_path)
    assert reasons(split) == {
        1: [
            "out_of_range:usage_m3",
            "unknown_code:kind",
            "bad_check_character:meter_id",
            "unknown_reference:meter_id",
        ]
    }


def test_refused_rows_keep_the_text_that_was_delivered(tmp_path):
    rows = [row(reading_m3="１２,3"), row(usage_m3="5000")]
    _, split = gate(entry(), rows, tmp_path)
    found = pl.read_parquet(split.quarantined).sort("_row")
    assert dict(found.schema) == quarantine_schema(entry())
    assert found["reading_m3"].to_list() == ["１２,3", "10"]
    assert found["read_on"].to_list() == ["2026-03-01"] * 2


def test_rows_refused_by_grouped_rules_keep_the_text_that_was_delivered(tmp_path):
    of = entry()
    frame = candidate(of, [row(), row(reading_m3="11.10")])
    spaced = frame.with_columns(pl.lit(f" {meter(1)} ").alias("_cell_meter_id"))
    _, split = gate(of, spaced, tmp_path)
    found = pl.read_parquet(split.quarantined).sort("_row")
    assert found["meter_id"].to_list() == [f" {meter(1)} "] * 2
    assert found["reading_m3"].to_list() == ["10", "11.10"]


def test_malformed_records_go_to_quarantine_with_their_text(tmp_path):
    malformed = pl.DataFrame(
        {"_row": [9], "_source": ["a,b"], "_rules": [["ragged"]]}, schema=NO_MALFORMED.schema
    )
    verdict, split = gate(entry(), [row()], tmp_path, malformed=malformed, records=2)
    assert reasons(split) == {9: ["ragged"]}
    assert pl.read_parquet(split.quarantined)["_source"].to_list() == ["a,b"]
    assert (verdict.quarantined, split.accepted_rows) == (1, 1)


def test_the_first_of_exact_repeats_is_kept_and_the_rest_counted(tmp_path):
    _, split = gate(entry(), [row(kind="manual", meter_id=meter(2)), row(), row(), row()], tmp_path)
    assert accepted(split)["_row"].to_list() == [1, 2]
    assert (split.repeats, split.quarantined_rows) == (2, 0)


def test_repeats_of_a_refused_row_are_counted_too(tmp_path):
    _, split = gate(entry(), [row(usage_m3="5000"), row(usage_m3="5000")], tmp_path)
    assert reasons(split) == {1: ["out_of_range:usage_m3"]}
    assert split.repeats == 1


def test_rows_whose_unreadable_cells_differ_are_no_repeats(tmp_path):
    _, split = gate(entry(), [row(usage_m3="一"), row(usage_m3="二")], tmp_path)
    assert split.repeats == 0
    assert list(reasons(split)) == [1, 2]


def test_rows_without_a_key_value_are_no_repeats(tmp_path):
    _, split = gate(entry(), [row(meter_id=None), row(meter_id=None)], tmp_path)
    assert reasons(split) == {1: ["null_key:meter_id"], 2: ["null_key:meter_id"]}


def test_without_a_key_the_whole_row_tells_repeats(tmp_path):
    of = entry([{"name": "a", "title": "甲", "type": "string"}])
    _, split = gate(of, [("x",), (None,), ("x",), (None,)], tmp_path)
    assert accepted(split)["a"].to_list() == ["x", None]
    assert split.repeats == 2


def test_all_rows_that_share_a_key_with_other_values_are_refused(tmp_path):
    rows = [row(), row(), row(reading_m3="11"), row(read_on="2026-03-02")]
    _, split = gate(entry(), rows, tmp_path)
    assert reasons(split) == {n: ["duplicate_key:meter_id+read_on"] for n in (1, 3)}
    assert (split.repeats, split.accepted_rows) == (1, 1)


def test_a_row_that_another_rule_refuses_still_makes_its_key_double(tmp_path):
    _, split = gate(entry(), [row(usage_m3="5000"), row()], tmp_path)
    double = "duplicate_key:meter_id+read_on"
    assert reasons(split) == {1: ["out_of_range:usage_m3", double], 2: [double]}


def test_too_many_refused_rows_hold_the_whole_delivery_back(tmp_path):
    of = entry(quality={"max_quarantine": "25%"})
    rows = [row(meter_id=meter(n)) for n in range(2)] + [row(meter_id=None), row(), row()]
    verdict, split = gate(of, rows, tmp_path)
    assert (verdict.passed, verdict.reason) == (True, "passed")
    verdict, split = gate(of, [row(), row(), row(meter_id=None)], tmp_path / "2")
    assert (verdict.passed, verdict.reason) == (False, "too_many_bad_rows")
    assert reasons(split) == {1: ["delivery_refused"], 3: ["null_key:meter_id"]}
    assert (split.accepted, split.accepted_rows, split.repeats) == ((), 0, 1)


def test_a_blocking_rule_holds_the_whole_delivery_back(tmp_path):
    of = entry(rules=[{"rows": {"min": 2}}])
    verdict, split = gate(of, [row()], tmp_path)
    assert verdict.reason == "blocked"
    assert reasons(split) == {1: ["delivery_refused"]}


def test_a_warning_is_counted_and_refuses_nothing(tmp_path):
    of = entry(rules=[{"meter_number": {"item": "meter_id", "severity": "warn"}}])
    verdict, split = gate(of, [row(meter_id="W1")], tmp_path)
    (warned,) = [r for r in verdict.rules if r.severity == "warn"]
    assert (warned.failed, warned.passed, verdict.passed) == (1, False, True)
    assert split.accepted_rows == 1


def test_an_empty_frame_passes_with_nothing(tmp_path):
    frame = candidate(entry(), [row()]).head(0)
    verdict, split = gate(entry(rules=RULES), frame, tmp_path)
    assert verdict.passed
    assert (split.accepted_rows, split.quarantined_rows, split.repeats) == (0, 0, 0)


def test_a_missing_column_keeps_the_gate_closed(tmp_path):
    frame = candidate(entry(), [row()]).drop("usage_m3", "_cell_usage_m3")
    verdict, split = gate(entry(), frame, tmp_path)
    assert (verdict.passed, verdict.reason) == (False, "not_judged")
    (failed,) = [r for r in verdict.rules if r.rule == "out_of_range:usage_m3"]
    assert "usage_m3" in (failed.error or "")
    assert (split.accepted, split.quarantined) == ((), ())


def test_a_reference_to_a_table_that_is_not_there_keeps_the_gate_closed(tmp_path):
    verdict, split = gate(entry(rules=[KNOWN]), [row()], tmp_path, references={})
    assert (verdict.passed, verdict.reason) == (False, "not_judged")
    (failed,) = [r for r in verdict.rules if r.error]
    assert failed.rule == "unknown_reference:meter_id"
    assert "water_account" in (failed.error or "")
    assert split.accepted == ()


def test_an_error_while_scanning_keeps_the_gate_closed(tmp_path):
    of = entry()
    broken = candidate(of, [row()]).with_columns(
        pl.col("meter_id").str.to_integer(strict=True).cast(pl.String)
    )
    verdict, split = gate(of, broken, tmp_path, records=1)
    assert (verdict.passed, verdict.reason) == (False, "not_judged")
    assert all(result.error for result in verdict.rules)
    assert split.accepted == ()


def test_the_document_holds_no_values_of_rows(tmp_path):
    verdict, _ = gate(entry(rules=RULES), [row(meter_id="W9988776655", kind="secret")], tmp_path)
    assert "W9988776655" not in str(verdict.document)
    assert "secret" not in str(verdict.document)
    assert verdict.document["statistics"]["evaluated_expectations"] == len(verdict.rules)


def test_rows_in_another_order_meet_the_same_fate(tmp_path):
    rows = [
        row(read_on=f"2026-03-0{d}", reading_m3=str(value), usage_m3=str(usage))
        for d, value, usage in [(1, 10, 1), (2, 9, 1), (3, 12, 2), (4, 15, 3), (5, 17, 9)]
    ]
    frame = candidate(entry(rules=RULES), rows)
    _, first = gate(entry(rules=RULES), frame, tmp_path / "1")
    _, second = gate(entry(rules=RULES), frame.sort("_row", descending=True), tmp_path / "2")
    assert reasons(first) == reasons(second)
    assert_frame_equal(accepted(first), accepted(second))


def test_readings_are_judged_by_both_counter_rules(tmp_path):
    rows = [row(), row(read_on="2026-03-02", reading_m3="9")]
    _, split = gate(entry(rules=[RUNS_ON, AGREES]), rows, tmp_path)
    assert reasons(split) == {2: ["reading_goes_back:reading_m3", "usage_not_difference:usage_m3"]}


def test_a_key_that_the_source_vouches_for_is_not_looked_for_twice(tmp_path):
    of = entry(quality={"trust_key": True, "max_quarantine": "60%"})
    rows = [row(), row(), row(reading_m3="11"), row(meter_id=None)]
    verdict, split = gate(of, rows, tmp_path)
    assert reasons(split) == {4: ["null_key:meter_id"]}
    assert (split.accepted_rows, split.repeats) == (3, 0)
    assert not [one.rule for one in verdict.rules if one.rule.startswith("duplicate_key")]
