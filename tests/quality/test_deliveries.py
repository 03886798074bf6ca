"""Rules about a delivery as a whole: bounds, history, silence, freshness, completeness."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from catalog.vocabulary import Code, Division
from quality.history import History, Past
from tests.quality.rows import few
from tests.quality.water import candidate, gate, reasons, vocabulary

DAY = dt.date


def judged(rule, rows, folder, *, history=(), items, **more):
    """Gate rows under one rule; return its result and the verdict."""
    of = few([rule], **items)
    frame = candidate(of, [(f"i{n}", *row) for n, row in enumerate(rows)])
    past = tuple(Past(n, dict(facts)) for n, facts in history)
    verdict, split = gate(of, frame, folder, history=History(past), **more)
    (result,) = verdict.rules[-1:]
    return result, verdict, split


def counted(*rows):
    return [(n, [("rows_unusual", {"value": n})]) for n in rows]


ROWS_NEAR = [
    ([100, 100], 10, True),  # too few facts: only noted
    ([100, 100, 100], 50, True),
    ([100, 100, 100], 49, False),
    ([100, 100, 100], 150, True),
    ([100, 100, 100], 151, False),
    ([9, 9, 9, 100, 100, 100, 100, 100], 40, False),  # only the last five count
]


@pytest.mark.parametrize(("past", "rows", "good"), ROWS_NEAR)
def test_rows_are_as_many_as_in_the_last_deliveries(tmp_path, past, rows, good):
    words = {"history": counted(*past), "items": {"x": "text"}}
    result, verdict, _ = judged({"rows_near": {}}, [("a",)] * rows, tmp_path, **words)
    assert (result.passed, verdict.reason) == (good, "passed" if good else "blocked")
    assert result.figures == {"value": rows}


def test_a_warning_about_the_whole_holds_nothing_back(tmp_path):
    rule = {"rows_near": {"severity": "warn"}}
    words = {"history": counted(100, 100, 100), "items": {"x": "text"}}
    result, verdict, split = judged(rule, [("a",)], tmp_path, **words)
    assert (result.passed, verdict.passed, split.accepted_rows) == (False, True, 1)


SHARES = [
    ({"max": "50%"}, ["a", None], True),
    ({"max": "49%"}, ["a", None], False),
    ({"min": 0.6}, ["a", None], False),
    ({"values": ["a", "b"], "min": 0.5}, ["a", "c"], True),
    ({"values": ["a", "b"], "min": 0.5, "max": 0.9}, ["a", "b"], False),
    ({"values": ["a"], "max": 0.4}, ["a", None], False),
    ({"values": ["a"], "min": 0.4}, [], True),
]


@pytest.mark.parametrize(("words", "texts", "good"), SHARES)
def test_a_share_lies_between_its_bounds(tmp_path, words, texts, good):
    rule = {"share": {"item": "x", "severity": "block", **words}}
    rows = [(text,) for text in texts]
    result, verdict, _ = judged(rule, rows, tmp_path, items={"x": "text"})
    assert (result.passed, verdict.passed, result.error) == (good, good, None)


STEADY = [
    ({"of": "mean"}, "mean", [10.0, 10.0, 10.0], 14, True),
    ({"of": "mean"}, "mean", [10.0, 10.0, 10.0], 16, False),
    ({"of": "mean"}, "mean", [10.0, 10.0], 99, True),
    ({"of": "median", "ratio": 0.1}, "median", [10.0, 10.0, 10.0], 12, False),
    ({"of": "sum"}, "sum", [30.0, 30.0, 30.0], 10, True),
    ({"of": "sum"}, "sum", [30.0, 30.0, 30.0], 30, False),
    ({"of": "stdev"}, "stdev", [5.0, 5.0, 5.0], 10, False),
    ({"quantile": 0.5}, "q0.5", [10.0, 10.0, 10.0], 14, True),
    ({"quantile": 0.5}, "q0.5", [10.0, 10.0, 10.0], 16, False),
    ({"of": "mean", "ratio": 0.5}, "mean", [-10.0, -10.0, -10.0], -14, True),
]


@pytest.mark.parametrize(("words", "figure", "past", "number", "good"), STEADY)
@pytest.mark.parametrize("kind", ["whole", "money"])
def test_a_figure_is_as_it_was(tmp_path, words, figure, past, number, good, kind):
    rule = {"steady": {"item": "x", **words}}
    history = [(3, [(f"figure_unusual:x+{figure}", {"value": value})]) for value in past]
    rows = [(str(number),)] * 3
    result, _, _ = judged(rule, rows, tmp_path, history=history, items={"x": kind})
    assert (result.passed, result.error) == (good, None)
    assert list(result.figures) == ["value"]


def test_what_a_rule_measured_is_what_the_next_delivery_is_compared_with(tmp_path):
    rule = {"steady": {"item": "x", "of": "mean", "least": 1}}
    first, *_ = judged(rule, [("10",), ("20",)], tmp_path / "1", items={"x": "money"})
    history = [(2, [(first.rule, first.figures)])]
    words = {"history": history, "items": {"x": "money"}}
    assert judged(rule, [("20",)], tmp_path / "2", **words)[0].passed
    assert not judged(rule, [("99",)], tmp_path / "3", **words)[0].passed


REFUSED = [
    ({"ordered": {"items": ["x", "y"]}}, [("10", "11"), ("20", "21"), ("900000", "1")]),
    ({"unique": {"items": ["y"]}}, [("10", "1"), ("20", "2"), ("900000", "9"), ("800000", "9")]),
]


@pytest.mark.parametrize(("other", "rows"), REFUSED, ids=("by row", "by a group"))
@pytest.mark.parametrize(("words", "value"), [({"of": "sum"}, 30), ({"quantile": 1.0}, 20)])
def test_figures_are_taken_from_accepted_rows(tmp_path, other, rows, words, value):
    of = few([other, {"steady": {"item": "x", **words}}], x="money", y="money")
    frame = candidate(of, [(f"i{n}", *row) for n, row in enumerate(rows)])
    verdict, split = gate(of, frame, tmp_path)
    assert split.quarantined_rows == len(rows) - 2
    assert verdict.rules[-1].figures == {"value": value}


def spoke(*counts):
    return [(9, [("group_silent:x", each)]) for each in counts]


SILENCES = [
    ({}, spoke({"a": 5, "b": 5}, {"a": 5, "b": 5}, {"a": 5, "b": 5}), ["a", "b"], True),
    ({}, spoke({"a": 5, "b": 5}, {"a": 5, "b": 5}, {"a": 5, "b": 5}), ["a", "a"], False),
    ({}, spoke({"a": 5, "b": 5}, {"a": 5}, {"a": 5, "b": 5}), ["a", "a"], True),
    ({}, spoke({"a": 5, "b": 5}, {"a": 5, "b": 5}), ["a"], True),
    ({"ratio": "50%"}, spoke({"a": 5}, {"a": 5}, {"a": 5}), ["a", "a"], False),
    ({"ratio": "50%"}, spoke({"a": 4}, {"a": 4}, {"a": 4}), ["a", "a"], True),
]


@pytest.mark.parametrize(("words", "history", "texts", "good"), SILENCES)
def test_a_group_that_always_spoke_does_not_fall_silent(tmp_path, words, history, texts, good):
    rule = {"silence": {"by": "x", **words}}
    rows = [(text,) for text in texts]
    result, _, _ = judged(rule, rows, tmp_path, history=history, items={"x": "text"})
    assert (result.passed, result.error) == (good, None)
    assert result.figures == {text: texts.count(text) for text in sorted(set(texts))}


def test_a_silent_district_is_found_through_the_accounts_of_its_meters(tmp_path):
    through = {"to": "accounts", "at": "meter", "item": "address", "first": 6}
    rule = {"silence": {"by": "x", "through": through}}
    accounts = pl.LazyFrame(
        {"meter": ["m1", "m2", "m3"], "address": ["520102001", "520102002", "520103001"]}
    )
    history = spoke(*[{"520102": 2, "520103": 1}] * 3)
    words = {"history": history, "items": {"x": "text"}, "references": {"accounts": accounts}}
    result, *_ = judged(rule, [("m1",), ("m1",), ("m2",)], tmp_path, **words)
    assert (result.passed, result.figures) == (False, {"520102": 2})
    assert result.observed == "520103 (0)"


@pytest.mark.parametrize(
    ("kind", "newest", "good"),
    [
        ("day", "2026-03-28", True),
        ("day", "2026-03-27", False),
        ("instant", "2026-03-28 00:00", True),
        ("instant", "2026-03-27 23:59", False),
    ],
)
def test_the_newest_row_is_not_older_than_allowed(tmp_path, kind, newest, good):
    rows = [(newest,), ("2020-01-01" + newest[10:],)]
    words = {"items": {"x": kind}, "today": DAY(2026, 3, 31)}
    result, *_ = judged({"fresh": {"item": "x", "days": 3}}, rows, tmp_path, **words)
    assert (result.passed, result.error) == (good, None)


def town():
    """Return a vocabulary of two districts that data flow back to, and a list of colours."""
    districts = tuple(
        Division(code=c, name=c, level="district", valid_from=DAY(2000, 1, 1), backflow=True)
        for c in ("520102", "520103")
    )
    colours = (Code(code="r", title="红"), Code(code="g", title="绿"))
    return vocabulary().model_copy(
        update={"divisions": districts, "code_lists": {"colour": colours}}
    )


COMPLETE = [
    ({"values": ["a", "b"]}, "text", ["a", "b", "c"], "0 / 2"),
    ({"values": ["a", "b"]}, "text", ["a", None], "1 / 2: b"),
    ({"codes": "colour"}, "text", ["r"], "1 / 2: g"),
    ({"districts": True}, "text", ["520102"], "1 / 2: 520103"),
    ({"days": True}, "day", ["2026-03-01", "2026-03-02", "2026-03-03"], "0 / 3"),
    ({"days": True}, "day", ["2026-03-01", "2026-03-04"], "2 / 4: 2026-03-02 2026-03-03"),
    ({"days": True}, "instant", ["2026-03-01 10:00", "2026-03-03 10:00"], "1 / 3: 2026-03-02"),
    ({"days": True}, "day", [], "0 / 0"),
    ({"values": ["1", "2"]}, "whole", ["1"], "1 / 2: 2"),
]


@pytest.mark.parametrize(("words", "kind", "texts", "observed"), COMPLETE)
def test_missing_values_are_named_and_counted(tmp_path, words, kind, texts, observed):
    rule = {"complete": {"item": "x", **words}}
    rows = [(text,) for text in texts]
    result, *_ = judged(rule, rows, tmp_path, items={"x": kind}, vocabulary=town())
    assert (result.observed, result.error) == (observed, None)
    assert result.passed is observed.startswith("0")


METERS = {
    "accounts": pl.LazyFrame(
        {
            "meter": ["m1", "m2", "m3", "m4", "m2"],
            "since": [DAY(2020, 1, 1)] * 3 + [DAY(2026, 4, 1), DAY(2020, 1, 1)],
            "until": [None, DAY(2026, 3, 1), DAY(2026, 2, 28), None, None],
        }
    )
}
OF_TABLE = {"to": "accounts", "at": "meter", "since": "since", "until": "until"}


@pytest.mark.parametrize(
    ("meters", "limit", "observed", "good"),
    [
        (["m1", "m2"], 0, "0 / 2", True),
        (["m1"], 0, "1 / 2", False),
        (["m1"], 0.5, "1 / 2", True),
        (["m1", "m2", "m3", "m4"], 0, "0 / 2", True),
    ],
)
def test_meters_that_have_an_account_in_the_period_are_expected_and_never_named(
    tmp_path, meters, limit, observed, good
):
    rule = {"complete": {"item": "x", "max_missing": limit, "severity": "block", **OF_TABLE}}
    of = few([rule], x="text", day="day")
    (key, item, day) = of.items
    personal = item.model_copy(update={"sensitivity": "personal"})
    update = of.update.model_copy(update={"period": "day"})
    of = of.model_copy(update={"items": (key, personal, day), "update": update})
    frame = candidate(of, [(f"i{n}", meter, "2026-03-01") for n, meter in enumerate(meters)])
    verdict, split = gate(of, frame, tmp_path, references=METERS)
    result = verdict.rules[-1]
    assert (result.observed, result.passed, verdict.passed) == (observed, good, good)
    assert {why for found in reasons(split).values() for why in found} == (
        set() if good else {"delivery_refused"}
    )
    assert "m2" not in str(verdict.document)
