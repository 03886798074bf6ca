"""Readings of a counter: which one is false, and what stands before it."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from catalog.schema import raw_schema
from quality.gx_polars import settle as settling
from quality.gx_polars.plan import SeriesRule
from quality.gx_polars.readings import Counter
from tests.quality.water import AGREES, ITEMS, KNOWN, RUNS_ON, entry, gate, meter, reasons

BACK, USAGE = "reading_goes_back:reading_m3", "usage_not_difference:usage_m3"


def days(*readings, meter_number=1):
    """Give a meter's days as (day, reading, usage)."""
    return [
        (
            meter(meter_number),
            f"2026-03-{day:02d}",
            str(reading),
            usage if usage is None else str(usage),
            "remote",
        )
        for day, reading, usage in readings
    ]


CASES = {
    "usage is the difference": ([(1, 10, 5), (2, 12, 2), (3, 12, 0)], {}),
    "usage within a hundredth": ([(1, 10, 5), (2, 12, "2.01")], {}),
    "usage off by more": ([(1, 10, 5), (2, 12, "2.02")], {2: [USAGE]}),
    "the first reading passes": ([(1, 10, 999)], {}),
    "a counter runs back": ([(1, 10, 5), (2, 8, 2)], {2: [BACK, USAGE]}),
    "a counter starts again": ([(1, 99999, 5), (2, 3, 4)], {}),
    "a drop that no usage explains": ([(1, 99999, 5), (2, 3, 9)], {2: [BACK, USAGE]}),
    "a drop over a gap, small turn": ([(1, 99999, 5), (3, 30, 9)], {}),
    "a drop over a gap, large turn": ([(1, 50000, 5), (3, 3, 9)], {2: [BACK]}),
    "a drop without usage, small turn": ([(1, 99990, 5), (2, 3, None)], {}),
    "usage over a gap is not judged": ([(1, 10, 5), (3, 20, 1)], {}),
    "no usage is not judged": ([(1, 10, 5), (2, 20, None)], {}),
    "a false peak blames nobody after it": (
        [(1, 10, 5), (2, 900, 2), (3, 14, 2), (4, 16, 2)],
        {2: [USAGE]},
    ),
    "a false low blames nobody after it": (
        [(1, 10, 5), (2, 3, 2), (3, 14, 2), (4, 16, 2)],
        {2: [BACK, USAGE]},
    ),
    "several false readings in a row": (
        [(1, 10, 5), (2, 3, 2), (3, 2, 2), (4, 1, 2), (5, 12, 1), (6, 13, 1)],
        {2: [BACK, USAGE], 3: [BACK], 4: [BACK]},
    ),
}


@pytest.mark.parametrize(("readings", "expected"), CASES.values(), ids=CASES)
def test_readings_are_judged_against_the_last_good_one(tmp_path, readings, expected):
    _, split = gate(entry(rules=[RUNS_ON, AGREES]), days(*readings), tmp_path)
    assert reasons(split) == expected


def test_series_do_not_touch_each_other(tmp_path):
    rows = days((1, 10, 1), (2, 11, 1)) + days((1, 5, 1), (2, 7, 2), meter_number=2)
    _, split = gate(entry(rules=[RUNS_ON, AGREES]), rows, tmp_path)
    assert reasons(split) == {}


def test_a_row_that_another_rule_refuses_is_no_predecessor(tmp_path):
    rows = days((1, 10, 1), (2, 900, 890), (3, 12, 2))
    refused = [rows[0], (*rows[1][:4], "nonsense"), rows[2]]
    _, split = gate(entry(rules=[RUNS_ON, AGREES]), refused, tmp_path)
    assert reasons(split) == {2: ["unknown_code:kind"]}


def test_a_row_with_a_double_key_is_no_predecessor(tmp_path):
    rows = days((1, 10, 1), (2, 900, 890), (2, 11, 1), (3, 12, 1))
    _, split = gate(entry(rules=[RUNS_ON]), rows, tmp_path)
    assert set(reasons(split)) == {2, 3}


def test_without_rollover_every_drop_is_false(tmp_path):
    rule = {"monotonic": {"item": "reading_m3", "by": ["meter_id"], "order": "read_on"}}
    _, split = gate(entry(rules=[rule]), days((1, 99999, 1), (2, 3, 4)), tmp_path)
    assert reasons(split) == {2: [BACK]}


def history(*rows):
    """Give accepted rows of earlier deliveries."""
    schema = {k: v for k, v in raw_schema(entry()).items() if k[0] != "_" and k != "kind"}
    shaped = [
        {
            "meter_id": meter(n),
            "read_on": dt.date.fromisoformat(day),
            "reading_m3": r,
            "usage_m3": u,
        }
        for n, day, r, u in rows
    ]
    return pl.LazyFrame(shaped, schema=schema)


HISTORY_CASES = {
    "the day before": ([(1, "2026-03-09", 10, 1)], (10, 9, 1), [BACK, USAGE]),
    "the latest of several": (
        [(1, "2026-03-07", 50, 1), (1, "2026-03-09", 10, 1)],
        (10, 12, 2),
        None,
    ),
    "long ago": ([(1, "2024-01-01", 10, 1)], (10, 9, 1), [BACK]),
    "another meter": ([(2, "2026-03-09", 10, 1)], (10, 9, 1), None),
    "the same day is not before": ([(1, "2026-03-10", 10, 1)], (10, 9, 1), None),
    "later days are not before": ([(1, "2026-03-11", 10, 1)], (10, 9, 1), None),
}


@pytest.mark.parametrize(
    ("earlier", "reading", "expected"), HISTORY_CASES.values(), ids=HISTORY_CASES
)
def test_the_last_accepted_reading_of_earlier_deliveries_counts(
    tmp_path, earlier, reading, expected
):
    tables = {"water_reading": history(*earlier)}
    _, split = gate(entry(rules=[RUNS_ON, AGREES]), days(reading), tmp_path, references=tables)
    assert reasons(split) == ({1: expected} if expected else {})


def test_history_between_two_days_of_a_delivery_counts(tmp_path):
    tables = {"water_reading": history((1, "2026-03-11", 20, 10))}
    rows = days((10, 10, 1), (12, 15, 5))
    _, split = gate(entry(rules=[RUNS_ON]), rows, tmp_path, references=tables)
    assert reasons(split) == {2: [BACK]}


def test_splitting_a_delivery_in_two_refuses_the_same_rows(tmp_path):
    of = entry(rules=[KNOWN, RUNS_ON, AGREES])
    rows = days((1, 10, 1), (2, 8, 1), (3, 14, 2), (4, 15, 9), (5, 17, 2))
    _, whole = gate(of, rows, tmp_path / "whole")
    _, first = gate(of, rows[:2], tmp_path / "1")
    accounts = pl.LazyFrame({"meter_id": [meter(1)]})
    tables = {"water_reading": pl.scan_parquet(first.accepted), "water_account": accounts}
    _, second = gate(of, rows[2:], tmp_path / "2", references=tables)
    later = {row + 2: why for row, why in reasons(second).items()}
    assert reasons(whole) == {**reasons(first), **later}


def test_months_give_an_order_too(tmp_path):
    items = [{**ITEMS[1], "type": "month"} if i["name"] == "read_on" else i for i in ITEMS]
    rows = [
        (meter(1), m, r, u, "remote")
        for m, r, u in [("2025-12", "10", "1"), ("2026-01", "12", "9")]
    ]
    monthly = entry(items, [RUNS_ON, AGREES], update={"cycle": "monthly", "mode": "append"})
    _, split = gate(monthly, rows, tmp_path)
    assert reasons(split) == {2: [USAGE]}


def test_series_cut_into_parts_are_judged_alike(tmp_path, monkeypatch):
    monkeypatch.setattr("quality.gx_polars.series.PART", 2)
    monkeypatch.setattr("quality.gx_polars.duplicates.PART", 2)
    monkeypatch.setattr("quality.gx_polars.duplicates.SMALL_PART", 1)
    rows = [r for n in range(9) for r in days((1, 10, 1), (2, 8, 1), (3, 11, 1), meter_number=n)]
    rows += [rows[0], (*rows[3][:2], "77", *rows[3][3:])]
    _, split = gate(entry(rules=[RUNS_ON]), rows, tmp_path)
    double = "duplicate_key:meter_id+read_on"
    expected = {3 * n + 2: [BACK] for n in range(9) if n != 1} | {4: [double], 29: [double]}
    assert reasons(split) == expected | ({} if 5 not in reasons(split) else {5: [BACK]})
    assert split.repeats == 1


def test_a_series_false_nearly_throughout_is_settled_alike(monkeypatch):
    readings = [100, *range(90, 0, -1), 101]
    rows = settling.readings(
        pl.DataFrame(
            {"row": range(92), "series": [7] * 92, "order": range(92), "value": readings}
        ).with_columns(
            pl.col("series").cast(pl.UInt64), pl.col("value").cast(pl.Float64), bad=pl.lit(False)
        )
    )
    rule = SeriesRule(("", "", ""), ("s",), "o", "v", Counter().runs_back, None, None, pl.col("v"))
    (by_rounds,) = settling.settle(rows, [rule], [True])
    monkeypatch.setattr(settling, "ROUNDS", 3)
    (row_by_row,) = settling.settle(rows, [rule], [True])
    assert by_rounds.tolist() == row_by_row.tolist()
    assert by_rounds.sum() == 90
