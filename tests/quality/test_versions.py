"""The gate on versions of models: judged as a whole, nothing is moved."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from quality.gate import gate_version
from tests.quality.water import ITEMS, KNOWN, entry, vocabulary

MODEL = {"origin": {"model": "base", "database": "population"}, "name": "reading"}
SCHEMA = {
    "meter_id": pl.String, "read_on": pl.Date, "reading_m3": pl.Decimal(12, 2),
    "usage_m3": pl.Decimal(10, 2), "kind": pl.String,
}  # fmt: skip
DAY = dt.date(2026, 3, 1)


def version(*rows, rules=(), max_quarantine=0.5, references=None):
    of = entry(ITEMS, quality={"max_quarantine": max_quarantine, "rules": list(rules)}, **MODEL)
    frame = pl.LazyFrame(list(rows), schema=SCHEMA, orient="row")
    return gate_version(frame, of, references=references or {}, vocabulary=vocabulary())


GOOD = ("a", DAY, 1, 1, "remote")


def test_a_good_version_passes():
    verdict = version(GOOD, ("b", DAY, 1, 1, "remote"))
    assert (verdict.subject, verdict.passed, verdict.rows) == ("base.reading", True, 2)
    assert not any(r.rule.startswith("wrong_type") for r in verdict.rules)


@pytest.mark.parametrize("row", [GOOD, ("a", DAY, 2, 2, "manual"), (None, DAY, 1, 1, "remote")])
def test_a_broken_key_blocks_however_many_rows_hold(row):
    others = [(f"m{n}", DAY, 1, 1, "remote") for n in range(99)]
    verdict = version(GOOD, row, *others)
    assert (verdict.passed, verdict.reason) == (False, "blocked")


def test_row_rules_hold_a_version_back_only_beyond_its_threshold():
    bad = ("b", DAY, 1, 5000, "remote")
    assert version(GOOD, bad).reason == "passed"
    assert version(GOOD, bad, max_quarantine=0.4).reason == "too_many_bad_rows"
    assert version(GOOD, bad, max_quarantine=0.4).quarantined == 1


def test_references_of_a_version_are_judged():
    accounts = {"water_account": pl.LazyFrame({"meter_id": ["a"]})}
    verdict = version(GOOD, ("b", DAY, 1, 1, "remote"), rules=[KNOWN], references=accounts)
    assert {r.rule: r.failed for r in verdict.rules if r.failed} == {
        "unknown_reference:meter_id": 1
    }
    assert version(GOOD, rules=[KNOWN]).reason == "not_judged"


def test_an_empty_version_passes_unless_rows_are_asked_for():
    assert version().passed
    assert version(rules=[{"rows": {"min": 1}}]).reason == "blocked"


def test_a_version_that_lacks_a_column_is_not_judged():
    of = entry(ITEMS, **MODEL)
    frame = pl.LazyFrame({"meter_id": ["a"]})
    verdict = gate_version(frame, of, references={}, vocabulary=vocabulary())
    assert (verdict.passed, verdict.reason) == (False, "not_judged")


def test_legal_nulls_do_not_stop_a_row_from_being_a_predecessor():
    rows = [("a", dt.date(2026, 3, d), v, None, None) for d, v in [(1, 10), (2, 20), (3, 15)]]
    rule = {"monotonic": {"item": "reading_m3", "by": ["meter_id"], "order": "read_on"}}
    verdict = version(*rows, rules=[rule])
    assert {r.rule: r.failed for r in verdict.rules if r.failed} == {
        "reading_goes_back:reading_m3": 1
    }


def test_a_row_that_breaks_several_rules_is_counted_once():
    verdict = version(GOOD, ("b", DAY, -1, 5000, "x"), ("c", DAY, 1, 5000, "remote"))
    assert verdict.quarantined == 2
