"""Rules about periods: no two of one key overlap, and references hold as of a day."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from tests.quality.rows import few, refused

APART = {"no_overlap": {"by": ["k"], "since": "a", "until": "b"}}
LABEL = "overlapping:k+a+b"
PERIODS = {
    "one after another": ([("x", "2026-01-01", "2026-01-31"), ("x", "2026-02-01", None)], ()),
    "handed over on one day": ([("x", "2026-01-01", "2026-02-01"), ("x", "2026-02-01", None)], ()),
    "one begins before the other ends": (
        [("x", "2026-01-01", "2026-02-02"), ("x", "2026-02-01", None)],
        (1, 2),
    ),
    "one lies within the other": (
        [("x", "2026-01-01", None), ("x", "2026-02-01", "2026-02-03"), ("x", "2025-01-01", "2025-02-01")],  # noqa: E501
        (1, 2),
    ),
    "an open one and two later ones": (
        [("x", "2026-01-01", None), ("x", "2026-02-01", "2026-03-01"), ("x", "2026-04-01", None)],
        (1, 2, 3),
    ),
    "other keys": ([("x", "2026-01-01", None), ("y", "2026-01-01", None)], ()),
    "no key": ([(None, "2026-01-01", None), (None, "2026-01-01", None)], ()),
    "no beginning": ([("x", None, None), ("x", "2026-01-01", None)], ()),
    "ended before it began": ([("x", "2026-05-01", "2026-01-01"), ("x", "2026-02-01", None)], ()),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "bad"), PERIODS.values(), ids=PERIODS)
def test_periods_of_one_key_do_not_overlap(tmp_path, rows, bad):
    of = few([APART], k="text", a="day", b="day")
    assert refused(of, rows, tmp_path) == {n: [LABEL] for n in bad}


def test_a_row_that_another_rule_refuses_overlaps_nothing(tmp_path):
    rules = [APART, {"ordered": {"items": ["a", "c"], "as": "wrong"}}]
    of = few(rules, k="text", a="day", b="day", c="day")
    rows = [("x", "2026-01-01", None, "2025-01-01"), ("x", "2026-02-01", None, None)]
    assert refused(of, rows, tmp_path) == {1: ["wrong:a+c"]}


def test_periods_cut_into_parts_are_judged_alike(tmp_path, monkeypatch):
    monkeypatch.setattr("quality.gx_polars.intervals.PART", 2)
    rows = [(f"k{n // 2}", f"2026-01-0{n % 2 + 1}", None) for n in range(10)]
    of = few([APART], k="text", a="day", b="day")
    assert set(refused(of, rows, tmp_path)) == set(range(1, 11))


def held(*periods):
    schema = {"meter": pl.String, "account": pl.String, "since": pl.Date, "until": pl.Date}
    days = [(m, a, *(d and dt.date.fromisoformat(d) for d in ends)) for m, a, *ends in periods]
    return {"accounts": pl.LazyFrame(days, schema=schema, orient="row")}


TABLE = held(
    ("m1", "a1", "2020-01-01", "2026-03-05"),
    ("m1", "a2", "2026-03-05", None),
    ("m2", "a1", None, None),
    ("m3", "a3", "2020-01-01", None),
    ("m3", "a3", "2020-01-01", "2021-01-01"),
)
AS_OF = {"item": "on", "since": "since", "until": "until"}
CASES = [
    (("m1", "a1", "2026-03-05"), True),
    (("m1", "a1", "2026-03-06"), False),
    (("m1", "a2", "2026-03-05"), True),
    (("m1", "a2", "2026-03-04"), False),
    (("m1", "a1", "2019-12-31"), False),
    (("m2", "a1", "1990-01-01"), True),
    (("m2", "a2", "2026-01-01"), False),
    (("m9", "a1", "2026-01-01"), False),
    (("m1", None, "2030-01-01"), True),
    (("m3", "a3", "2020-06-01"), True),
    (("m3", "a3", "2022-06-01"), False),
]


@pytest.mark.parametrize(("row", "good"), CASES)
def test_a_compound_reference_holds_as_of_the_day_of_the_row(tmp_path, row, good):
    rule = {"items": ["m", "a"], "to": "accounts", "at": ["meter", "account"], "as_of": AS_OF}
    of = few([{"reference": rule}], m="text", a="text", on="day")
    found = refused(of, [row], tmp_path, references=TABLE)
    assert found == ({} if good else {1: ["unknown_reference:m+a+on"]})


@pytest.mark.parametrize(
    ("on", "good"), [("2026-03", True), ("2026-04", False), ("2019-12", False)]
)
def test_a_month_refers_to_what_held_on_any_of_its_days(tmp_path, on, good):
    rule = {"items": ["m", "a"], "to": "accounts", "at": ["meter", "account"], "as_of": AS_OF}
    of = few([{"reference": rule}], m="text", a="text", on="month")
    assert (refused(of, [("m1", "a1", on)], tmp_path, references=TABLE) == {}) is good


def test_a_meter_belongs_to_its_account_whatever_the_day(tmp_path):
    rule = {"items": ["m", "a"], "to": "accounts", "at": ["meter", "account"]}
    of = few([{"reference": rule}], m="text", a="text")
    found = refused(of, [("m1", "a2"), ("m2", "a2")], tmp_path, references=TABLE)
    assert found == {2: ["unknown_reference:m+a"]}
