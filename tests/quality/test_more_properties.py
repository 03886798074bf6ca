"""Properties of all row rules together, on random rows: the account, the order, the cut.

Uniqueness and periods look at the delivery as a whole: they are left out where it is cut in two.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.quality.rows import few
from tests.quality.test_properties import CALM
from tests.quality.test_row_rules import words
from tests.quality.water import accepted, candidate, gate, reasons

ITEMS = {"x": "text", "p": "text", "d": "day", "e": "day", "n": "whole", "m": "money"}
OF_A_ROW = [
    {"division": {"item": "x", "day": "d"}},
    {"phone": {"item": "p"}},
    {"ordered": {"items": ["d", "e"]}},
    {"product": {"item": "m", "of": ["n", "n"]}},
    {"tariff": {"item": "m", "of": ["n", "n"], "tariff": "water", "day": "d"}},
    {"when": {"if": [{"item": "n", "min": 3}], "then": [{"item": "e", "filled": True}]}},
    {
        "reference": {
            "items": ["x"], "to": "other", "at": ["k"],
            "as_of": {"item": "d", "since": "since", "until": "until"},
        }
    },
]  # fmt: skip
OF_ALL = [
    {"no_overlap": {"by": ["x"], "since": "d", "until": "e"}},
    {"unique": {"items": ["p", "n"]}},
]
DAYS = st.one_of(
    st.none(), st.sampled_from(["2012-11-14", "2012-11-15", "2024-02-29", "2026-05-01"])
)
ROW = st.tuples(
    st.sampled_from([None, "520111", "520114", "999999"]),
    st.sampled_from([None, "13800138000", "085186669999", "1"]),
    DAYS,
    DAYS,
    st.sampled_from([None, "2", "3", "x"]),
    st.sampled_from([None, "9.00", "6.20", "四"]),
)
ROWS = st.lists(ROW, max_size=10)
OTHER = pl.LazyFrame(
    {"k": ["520111", "520114"], "since": [None, "2012-11-15"], "until": [None, None]}
).with_columns(pl.col("since", "until").cast(pl.String).str.to_date())


def judged(of, frame):
    with tempfile.TemporaryDirectory() as folder:
        more = {"references": {"other": OTHER}, "vocabulary": words()}
        verdict, split = gate(of, frame, Path(folder), **more)
        assert verdict.reason == "passed"
        good = accepted(split)["_row"].to_list() if split.accepted else []
        return good, reasons(split), split.repeats


def numbered(rows):
    return [(f"i{n}", *row) for n, row in enumerate(rows)]


@CALM
@given(ROWS, st.randoms(use_true_random=False))
def test_every_row_has_one_fate_whatever_the_order(rows, random):
    of = few([*OF_A_ROW, *OF_ALL], **ITEMS)
    frame = candidate(of, numbered(rows)).collect()
    good, bad, repeats = judged(of, frame.lazy())
    assert sorted([*good, *bad]) == list(range(1, len(rows) + 1))
    assert repeats == 0
    order = list(range(len(rows)))
    random.shuffle(order)
    assert judged(of, frame[order].lazy()) == (good, bad, repeats)


@CALM
@given(ROWS, st.integers(0, 10))
def test_a_delivery_cut_in_two_gives_the_same_rows_where_rules_speak_of_rows(rows, cut):
    of = few(OF_A_ROW, **ITEMS)
    frame = candidate(of, numbered(rows)).collect()
    whole = judged(of, frame.lazy())
    parts = [judged(of, part.lazy()) for part in (frame[:cut], frame[cut:])]
    assert whole[0] == [*parts[0][0], *parts[1][0]]
    assert whole[1] == {**parts[0][1], **parts[1][1]}
