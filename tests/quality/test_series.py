"""Readings of a counter: which one is false, and what stands before it."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import polars as pl
import pytest

from catalog.schema import raw_schema
from quality.gx_polars import settle as settling
from quality.gx_polars.plan import SeriesRule
from quality.gx_polars.readings import Counter
from quality.gx_polars.series import judged, settled
from quality.gx_polars.walk import walk
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


def drawn(seed, *, of=120, series=9):
    """Draw readings of several counters in the order of time, some false, refused or absent."""
    rng = random.Random(seed)
    orders = sorted(rng.randrange(25) for _ in range(of))
    names = [rng.getrandbits(64) for _ in range(series)]
    rows = [
        {
            "row": n + 1 if n >= of // 5 else None,  # the first are of history
            "series": rng.choice(names),
            "order": order,
            "value": None if rng.random() < 0.05 else order * 10.0 + rng.choice((0, 0, 0, -80, 95)),
            "bad": n >= of // 5 and rng.random() < 0.1,
            "extra_usage": None if rng.random() < 0.3 else float(rng.choice((0, 10, 95))),
        }
        for n, order in enumerate(orders)
    ]
    schema = {"row": pl.Int64, "series": pl.UInt64, "order": pl.Int64, "value": pl.Float64}
    frame = pl.DataFrame(rows, schema={**schema, "bad": pl.Boolean, "extra_usage": pl.Float64})
    once = pl.struct("series", "order").is_first_distinct()  # as history says a time once
    return frame.filter(pl.col("row").is_not_null() | once)


@pytest.mark.parametrize("refusing", [(True, True), (True, False), (False, False)])
def test_rows_in_the_order_of_time_are_judged_as_if_they_were_sorted(refusing):
    counter = Counter(rollover=300.0, usage="usage", tolerance=0.5)
    rules = [
        SeriesRule(("", "", name), ("s",), "o", "v", judge, None, None, pl.col("v"))
        for name, judge in (("back", counter.runs_back), ("usage", counter.disagrees))
    ]
    some = 0
    for seed in range(60):
        rows = drawn(seed, series=1 + seed % 12)
        assert rows["order"].is_sorted()
        assert rows["row"].is_sorted()  # or both would put them in order
        looked = [found.sort().to_list() for found in judged(rows, rules, refusing)]
        assert looked == [found.sort().to_list() for found in settled(rows, rules, refusing)]
        some += sum(map(len, looked))
    assert some > 100


def test_more_series_than_there_was_room_for_keep_their_predecessors():
    count, days_ = 30_000, 3
    rng = np.random.default_rng(1)
    names = rng.integers(0, 2**64, count, dtype=np.uint64)
    series = np.concatenate([names, rng.permutation(names), names[::2], names])
    order = np.repeat(np.arange(days_ + 1), [count, count, count // 2, count])
    value = rng.random(len(series))
    walked = walk(series, order, value, np.ones(len(series), np.bool_))
    last: dict[int, tuple[int, float]] = {}
    for n, name in enumerate(series.tolist()):
        when, before = last.get(name, (int(order[n]), float("nan")))
        assert walked.gap[n] == order[n] - when
        assert walked.before[n] == before or (np.isnan(before) and np.isnan(walked.before[n]))
        last[name] = (int(order[n]), value[n])


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
