"""Periods of a delivery beside those that stand already, by what the delivery does to them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from catalog import schema
from quality.gx_polars import frame
from tests.quality.rows import few, refused
from tests.quality.water import gate

APART = {"no_overlap": {"by": ["k"], "since": "a", "until": "b"}}
LABEL = "overlapping:k+a+b"
STANDS = [  # key, k, since, until, turn of its delivery
    ("i7", "x", "2026-01-01", "2026-02-01", 0),
    ("i8", "y", "2026-01-01", None, 0),
    ("i8", "z", "2026-03-01", None, 1),  # moved from y to z
]
CASES = {
    "follows what stands": (("x", "2026-02-01", None), False),
    "ends where it begins": (("x", "2025-01-01", "2026-01-01"), False),
    "begins before it ends": (("x", "2026-01-31", None), True),
    "lies within it": (("x", "2026-01-10", "2026-01-11"), True),
    "holds all of it": (("x", "2025-01-01", None), True),
    "is the same": (("x", "2026-01-01", "2026-02-01"), True),
    "another key": (("w", "2026-01-01", None), False),
    "open against open": (("z", "2026-05-01", None), True),
    "given up by a later row": (("y", "2026-05-01", None), False),
}


def past(mode, key=("id",), rows=STANDS):
    of = few([APART], key=key, k="text", a="day", b="day")
    of = of.model_copy(update={"update": of.update.model_copy(update={"mode": mode})})
    schema = {"id": pl.String, "k": pl.String, "a": pl.Date, "b": pl.Date, "_turn": pl.Int64}
    days = [(i, k, *(d and dt.date.fromisoformat(d) for d in ends), t) for i, k, *ends, t in rows]
    return of, {of.name: pl.LazyFrame(days, schema=schema, orient="row")}


@pytest.mark.parametrize("mode", ["append", "upsert"])
@pytest.mark.parametrize(("row", "bad"), CASES.values(), ids=CASES)
def test_a_period_keeps_apart_from_those_that_stand(tmp_path, mode, row, bad):
    of, stands = past(mode)
    assert refused(of, [row], tmp_path, references=stands) == ({1: [LABEL]} if bad else {})


def test_a_snapshot_takes_the_place_of_everything(tmp_path):
    of, stands = past("snapshot")
    assert refused(of, [("x", "2026-01-10", None)], tmp_path, references=stands) == {}


def test_a_row_takes_the_place_of_the_one_with_its_key(tmp_path):
    of, stands = past("upsert", rows=[("i1", "x", "2026-01-01", None, 0)])
    rows = [("w", "2026-01-01", None), ("x", "2026-02-01", None)]  # i1 moved away, i0 is new
    assert refused(of, [rows[1]], tmp_path / "alone", references=stands) == {1: [LABEL]}
    assert refused(of, rows[::-1], tmp_path / "both", references=stands) == {}


def test_without_a_key_every_row_stays(tmp_path):
    of, stands = past("append", key=())
    assert refused(of, [("y", "2026-05-01", None)], tmp_path, references=stands) == {1: [LABEL]}


def test_what_cannot_stand_overlaps_nothing_of_its_own_delivery(tmp_path):
    of, stands = past("append")
    rows = [("x", "2026-01-10", "2026-03-01"), ("x", "2026-02-15", None)]
    assert refused(of, rows, tmp_path, references=stands) == {1: [LABEL]}


def test_standing_periods_are_read_in_parts_too(tmp_path, monkeypatch):
    monkeypatch.setattr("quality.gx_polars.intervals.PART", 1)
    of, stands = past("upsert")
    rows = [("x", "2026-01-10", None), ("y", "2026-01-01", None), ("z", "2026-05-01", None)]
    found = refused(of, rows, tmp_path, references=stands)
    assert found == {1: [LABEL], 3: [LABEL]}


def test_turns_that_were_not_given_close_the_gate(tmp_path):
    of, stands = past("upsert")
    told = {name: rows.drop("_turn") for name, rows in stands.items()}
    verdict, _ = gate(of, [("i1", "x", "2026-01-10", None)], tmp_path, references=told)
    assert verdict.reason == "not_judged"


def test_the_gate_and_the_engine_call_the_column_of_turns_the_same():
    assert frame.TURN == schema.TURN
