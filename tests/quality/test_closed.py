"""A rule that cannot be evaluated keeps the gate closed, whatever family it is of."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from quality.history import History, Past
from tests.quality.rows import few
from tests.quality.water import candidate, gate

GOOD = {"x": "text", "n": "whole", "m": "money", "d": "day", "e": "day"}
ROW = ("a", "1", "1.00", "2026-03-01", "2026-03-02")
AS_OF = {"item": "d", "since": "since", "until": "until"}
TABLE = {"other": pl.LazyFrame({"k": ["a"]})}
# A rule, and what is taken from what it needs: a column of the frame, or the other tables.
BROKEN = {
    "a row": ({"sum": {"item": "m", "of": ["n", "n"]}}, "n"),
    "a product": ({"product": {"item": "m", "of": ["n", "m"]}}, "n"),
    "a tariff": ({"tariff": {"item": "m", "of": ["n"], "tariff": "t", "day": "d"}}, "d"),
    "an order": ({"ordered": {"items": ["d", "e"]}}, "e"),
    "a shape": ({"phone": {"item": "x"}}, "x"),
    "a check character": ({"uscc": {"item": "x"}}, "x"),
    "a condition": (
        {"when": {"if": [{"item": "x", "filled": True}], "then": [{"item": "n", "min": 1}]}},
        "_cell_x",
    ),
    "uniqueness": ({"unique": {"items": ["x", "n"]}}, "n"),
    "a counter": ({"monotonic": {"item": "n", "by": ["x"], "order": "d"}}, "d"),
    "a usage": ({"difference": {"item": "n", "of": "m", "by": ["x"], "order": "d"}}, "m"),
    "periods": ({"no_overlap": {"by": ["x"], "since": "d", "until": "e"}}, "e"),
    "a reference": ({"reference": {"items": ["x"], "to": "other", "at": ["k"]}}, None),
    "a reference to a column": ({"reference": {"items": ["x"], "to": "other", "at": ["z"]}}, ""),
    "a reference as of a day": (
        {"reference": {"items": ["x"], "to": "other", "at": ["k"], "as_of": AS_OF}},
        "",
    ),
    "a figure": ({"steady": {"item": "n", "of": "mean"}}, "n"),
    "a quantile": ({"steady": {"item": "n", "quantile": 0.5}}, "n"),
    "a share": ({"share": {"item": "x", "max": 1}}, "_cell_x"),
    "a share of values": ({"share": {"item": "x", "values": ["a"], "max": 1}}, "x"),
    "freshness": ({"fresh": {"item": "d", "days": 9}}, "d"),
    "silence": ({"silence": {"by": "x"}}, "x"),
    "silence through a table": (
        {"silence": {"by": "x", "through": {"to": "other", "at": "k", "item": "gone"}}},
        "",
    ),
    "completeness": ({"complete": {"item": "x", "values": ["a"]}}, "x"),
    "completeness of a table": ({"complete": {"item": "x", "to": "other", "at": "k"}}, None),
    "days": ({"complete": {"item": "d", "days": True}}, "d"),
}


@pytest.mark.parametrize(("rule", "taken"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("severity", ["block", "warn"])
def test_a_rule_that_cannot_be_judged_closes_the_gate(tmp_path, rule, taken, severity):
    ((kind, words),) = rule.items()
    of = few([{kind: {**words, "severity": severity}}], **GOOD)
    frame = candidate(of, [("i1", *ROW)])
    tables = {} if taken is None else TABLE
    if taken:
        frame = frame.drop(taken)
    more = {"references": tables, "history": History((Past(1),)), "records": 1}
    verdict, split = gate(of, frame, tmp_path, **more, today=dt.date(2026, 3, 3))
    assert (verdict.passed, verdict.reason) == (False, "not_judged")
    assert [r.rule for r in verdict.rules if r.error]
    assert (split.accepted, split.quarantined) == ((), ())
