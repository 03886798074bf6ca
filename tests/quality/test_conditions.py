"""Conditions on a row: if these hold, then those must."""

from __future__ import annotations

import pytest

from tests.quality.rows import few, refused

ITEMS = {"s": "text", "d": "day", "e": "day", "n": "whole", "m": "money"}
GOOD = {"s": "open", "d": "2026-03-01", "e": "2026-03-02", "n": "5", "m": "5.50"}
OPEN = {"item": "s", "values": ["open"]}
CASES = {
    "values, filled": ([OPEN], {"item": "d", "filled": True}, {"d": None}, {"d": "2026-01-01"}),
    "values, empty": ([OPEN], {"item": "d", "filled": False}, {}, {"d": None}),
    "other than": (
        [{"item": "s", "other_than": ["shut"]}],
        {"item": "n", "values": ["1", "2"]},
        {},
        {"n": "2"},
    ),
    "filled": ([{"item": "d", "filled": True}], {"item": "n", "max": 4}, {}, {"n": "4"}),
    "empty": (
        [{"item": "d", "filled": False}],
        {"item": "n", "other_than": ["5"]},
        {"d": None},
        {"d": None, "n": None},
    ),
    "bounds of a number": (
        [{"item": "n", "min": 3, "max": 5}],
        {"item": "m", "min": "5.51"},
        {},
        {"m": "5.51"},
    ),
    "bounds of a decimal": (
        [{"item": "m", "max": "5.50"}],
        {"item": "n", "min": 6},
        {},
        {"n": "6"},
    ),
    "bounds of a day": (
        [{"item": "d", "min": "2026-03-01"}],
        {"item": "e", "max": "2026-03-01"},
        {},
        {"e": "2026-03-01"},
    ),
    "another item, at least": ([OPEN], {"item": "d", "at_least": "e"}, {}, {"d": "2026-03-02"}),
    "another item, at most": ([OPEN], {"item": "e", "at_most": "d"}, {}, {"e": "2026-02-01"}),
    "another item, equal": ([OPEN], {"item": "d", "equal_to": "e"}, {}, {"e": "2026-03-01"}),
    "both conditions": (
        [OPEN, {"item": "n", "values": ["5"]}],
        {"item": "d", "filled": True},
        {"d": None},
        {"d": None, "n": "6"},
    ),
}


@pytest.mark.parametrize(("given", "then", "bad", "good"), CASES.values(), ids=CASES)
def test_a_row_that_meets_the_conditions_must_meet_the_demand(tmp_path, given, then, bad, good):
    of = few([{"when": {"if": given, "then": [then]}}], **ITEMS)
    rows = [tuple({**GOOD, **changes}.values()) for changes in (bad, good)]
    label = f"condition_broken:{'+'.join(c['item'] for c in given)}+{then['item']}"
    assert refused(of, rows, tmp_path) == {1: [label]}


def test_a_row_that_does_not_meet_the_conditions_is_asked_nothing(tmp_path):
    of = few([{"when": {"if": [OPEN], "then": [{"item": "d", "filled": True}]}}], **ITEMS)
    rows = [tuple({**GOOD, "s": text, "d": None}.values()) for text in ("shut", None)]
    assert refused(of, rows, tmp_path) == {}


def test_each_demand_is_a_reason_of_its_own(tmp_path):
    then = [{"item": "d", "filled": True}, {"item": "n", "max": 4}]
    of = few([{"when": {"if": [OPEN], "then": then, "as": "half_open"}}], **ITEMS)
    found = refused(of, [tuple({**GOOD, "d": None}.values())], tmp_path)
    assert found == {1: ["half_open:s+d", "half_open:s+n"]}
