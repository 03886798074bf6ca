"""Properties of the gate on random candidates: the account holds, order and cuts do not matter."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quality.gate import Circumstances
from tests.quality.water import RULES, accepted, candidate, entry, gate, meter, reasons

OF = entry(rules=RULES)
NUMBERS = st.one_of(st.none(), st.integers(-2, 12).map(str), st.sampled_from(["1001", "十", "2.5"]))
ROW = st.tuples(
    st.one_of(st.none(), st.integers(0, 2).map(meter), st.sampled_from(["W1", meter(500)])),
    st.one_of(st.none(), st.integers(1, 5).map(lambda d: f"2026-03-0{d}"), st.just("2026-02-30")),
    NUMBERS,
    NUMBERS,
    st.sampled_from(["remote", "manual", "x", None]),
)
CALM = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def judged(frame):
    with tempfile.TemporaryDirectory() as folder:
        verdict, split = gate(OF, frame, Path(folder))
        rows = accepted(split)["_row"].to_list() if split.accepted else []
        return verdict, split, rows, reasons(split)


@CALM
@given(st.lists(ROW, max_size=14))
def test_every_row_is_in_exactly_one_place(rows):
    verdict, split, good, bad = judged(candidate(OF, rows))
    assert split.records == len(rows) == len(good) + len(bad) + split.repeats
    assert (split.accepted_rows, split.quarantined_rows) == (len(good), len(bad))
    assert not set(good) & set(bad)
    assert all(bad.values())
    failing = {r.rule for r in verdict.rules if r.failed}
    assert {label for labels in bad.values() for label in labels} <= failing


@CALM
@given(st.lists(ROW, max_size=14), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    frame = candidate(OF, rows).collect()
    order = list(range(len(rows)))
    random.shuffle(order)
    first, second = judged(frame.lazy()), judged(frame[order].lazy())
    assert first[2:] == second[2:]


@CALM
@given(st.lists(ROW, max_size=10))
def test_accepted_rows_are_accepted_again(rows):
    _, _, good, _ = judged(candidate(OF, rows))
    again = candidate(OF, rows).filter(pl.col("_row").is_in(good))
    assert judged(again)[2] == good


@CALM
@given(st.lists(ROW, max_size=14))
def test_a_small_delivery_is_judged_in_memory_as_any_other(rows):
    frame = candidate(OF, rows)
    with tempfile.TemporaryDirectory() as folder:
        verdict, split = gate(OF, frame, Path(folder), about=Circumstances(small=True))
        kept = [pl.read_parquet(path) for path in split.files(Path(folder))]
        again = [r["_row"].to_list() for r in kept] or [[]]
        reasoned = reasons(split)
    streamed, other, good, bad = judged(frame)
    assert (sorted(again[0]), reasoned) == (sorted(good), bad)
    assert (split.records, split.accepted_rows, split.repeats) == (
        other.records,
        other.accepted_rows,
        other.repeats,
    )
    assert verdict.rules == streamed.rules
